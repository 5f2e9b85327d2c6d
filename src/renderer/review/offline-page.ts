const kept = 'gruppnummer-page'
const worker = '/offline-page.mjs'

/** The console's own files, kept in this browser beside the copy: without them there is no page to read it in. */
export interface OfflinePage {
  keep(): Promise<void>
  drop(): Promise<void>
}

/** By a service worker, where the browser gives one (https, or the service's own machine). */
export function browserPage(): OfflinePage {
  let isKept = false
  return {
    async keep() {
      if (isKept || !('serviceWorker' in navigator)) return
      isKept = true
      // What the review needs is loaded now, so that it is among the files.
      await import('./ReviewPage.vue')
      const files = performance
        .getEntriesByType('resource')
        .map(({ name }) => new URL(name))
        .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith('/assets/'))
        .map(({ pathname }) => pathname)
      await caches.delete(kept)
      const cache = await caches.open(kept)
      await cache.addAll([...new Set(['/', ...files])])
      await navigator.serviceWorker.register(worker)
    },
    async drop() {
      isKept = false
      if (!('serviceWorker' in navigator)) return
      await caches.delete(kept)
      const registered = await navigator.serviceWorker.getRegistration()
      await registered?.unregister()
    },
  }
}
