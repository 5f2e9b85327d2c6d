/**
 * Takes a one-time sign-in link's token out of the address (`#link=TOKEN`), if there is one.
 *
 * Before anything else runs: a reload, the history or a router must not show it again.
 */
export function takeLink(): string | undefined {
  const token = /^#link=([\w%.~-]{20,100})$/.exec(location.hash)?.[1]
  if (token === undefined) return undefined
  history.replaceState(history.state, '', location.pathname + location.search)
  return token
}
