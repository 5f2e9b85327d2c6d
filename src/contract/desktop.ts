import { z } from 'zod'

/** What the window may ask of the desktop program. The key is the IPC channel. */
export interface DesktopRequests {
  /** A call rings: a notification where the window is not in front, and its frame asks for attention. */
  showRinging(call: RingingCard): void
  stopRinging(): void
}

/** What a notification says of a ringing call, in the words of the interface's language. */
export interface RingingCard {
  readonly title: string
  readonly body: string
}

/** What `window.desktop` is, where there is one. */
export type Desktop = {
  readonly [Name in keyof DesktopRequests]: (...given: Parameters<DesktopRequests[Name]>) => Promise<void>
}

/** The arguments of each request, as they come over the border. */
export const desktopArguments = {
  showRinging: z.tuple([z.strictObject({ title: z.string().max(200), body: z.string().max(200) })]),
  stopRinging: z.tuple([]),
} satisfies { readonly [Name in keyof DesktopRequests]: z.ZodType<Parameters<DesktopRequests[Name]>> }
