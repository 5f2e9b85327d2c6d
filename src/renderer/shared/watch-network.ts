/** How often the clock is looked at, and what it may be ahead of that in a page that is only slow, milliseconds. */
const lookEvery = 1_000
const slowness = 5_000

/**
 * Calls `changed` when the machine has woken (told by the desktop program, or its clock jumped while nothing ran here), and when the
 * network is back: whatever was connected before may be dead without anybody having said so. Until the returned function is called.
 */
export function watchNetwork(changed: () => void): () => void {
  let looked = Date.now()
  const timer = setInterval(() => {
    const now = Date.now()
    const slept = now - looked > lookEvery + slowness
    looked = now
    if (slept) changed()
  }, lookEvery)
  window.addEventListener('online', changed)
  const stopDesktop = window.desktop?.on('woke', changed)
  return () => {
    clearInterval(timer)
    window.removeEventListener('online', changed)
    stopDesktop?.()
  }
}
