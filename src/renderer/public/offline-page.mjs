// A service worker: gives the console's own page while the service cannot be reached. It is there only where somebody asked
// for a copy of the configuration to be kept (src/renderer/review/offline-page.ts), and never touches what the service answers.
const kept = 'gruppnummer-page'

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  const isPage = request.mode === 'navigate' && !/^\/(api\/|caller)/.test(pathname)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (isPage || pathname.startsWith('/assets/')) event.respondWith(answer(request, isPage ? '/' : pathname))
})

/** What the service has now; else what was kept. */
async function answer(request, path) {
  try {
    return await fetch(request)
  } catch (fault) {
    const old = await (await caches.open(kept)).match(path)
    if (old) return old
    throw fault
  }
}
