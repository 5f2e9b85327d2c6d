/** Of one of the service's WebSockets: it is where the page is, or where the desktop program says. */
export function socketAddress(path: string): string {
  const address = new URL(path, window.desktop?.service ?? location.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  return address.href
}
