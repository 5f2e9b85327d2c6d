import type { SignedIn } from '../../contract/console.ts'

export type Place = 'desk' | 'admin' | 'configuration'

/** The pages that this account has something on, the one it starts at first. */
export function placesOf(signedIn: SignedIn): readonly Place[] {
  const reads = signedIn.roles.some((role) => role === 'admin' || role === 'supervisor' || role === 'reviewer')
  const administers = signedIn.roles.some((role) => role === 'admin' || role === 'supervisor')
  return [
    ...(signedIn.agent === undefined ? [] : ['desk' as const]),
    ...(administers ? ['admin' as const] : []),
    ...(reads ? ['configuration' as const] : []),
  ]
}
