import { z } from 'zod'

/** What the window may ask of the desktop program. The key is the IPC channel. */
export interface DesktopRequests {
  /** A call rings: a notification and a card where the window is not in front, and its frame asks for attention. */
  showRinging(card: RingingCard): void
  stopRinging(): void
  /** A notification where the window is not in front. */
  tell(note: Note): void
  /** Pressed on the card: told to the window as `asked`. */
  press(act: CardAct): void
  /** The agent's state, for the tray. */
  showState(state: TrayState): void
  /** A page of others, in the person's browser: over https alone. Whether it was opened. */
  openOutside(url: string): boolean
  /** Of whoever is signed in; never kept in plain text. */
  sessionToken(): string | undefined
  /** What `keepCopy` kept last, for 30 days. */
  readCopy(): CopyRead
  /** Of the configuration, for where there is no contact; never on the disk in plain text. */
  keepCopy(text: string): void
  removeCopy(): void
  readSettings(): DesktopSettings
  /** What is not named stays. Answers why it could not be done. */
  changeSettings(change: SettingsChange): SettingsProblem | undefined
}

/** `mayKeep` false: nothing can be encrypted on this machine, so nothing is kept. */
export interface CopyRead {
  readonly mayKeep: boolean
  readonly text?: string
}

/** In the words of the interface's language. */
export interface Note {
  readonly title: string
  readonly body: string
}

/** What a notification and the card say of a ringing call, in the words of the interface's language. */
export interface RingingCard {
  readonly title: string
  readonly body: string
  readonly answer: string
  readonly reject: string
}

export const cardActs = ['answer', 'reject'] as const
export type CardAct = (typeof cardActs)[number]

export interface TrayState {
  /** As `interface.md` names them: one icon each. */
  readonly mark: (typeof trayMarks)[number]
  /** Such as `Tillgänglig`. */
  readonly words: string
  readonly language: 'sv' | 'en'
}

export const trayMarks = ['available', 'ringing', 'talking', 'wrapUp', 'paused', 'loggedOut', 'problem'] as const

/** What of the desktop program a person chooses; kept on this machine. */
export interface DesktopSettings {
  /** The company's service, such as `https://tele.example.se`; absent: the one inside the program. */
  readonly service?: string
  readonly startAtLogin: boolean
  /** By what each does; absent: none. Electron's accelerators, such as `Ctrl+Alt+A`. */
  readonly shortcuts: Readonly<Partial<Record<ShortcutAct, string>>>
}

export const shortcutActs = ['answer', 'hangUp', 'mute', 'show'] as const
export type ShortcutAct = (typeof shortcutActs)[number]

export interface SettingsChange {
  /** Null: the one inside the program. Counts when the window has been opened anew, which follows at once. */
  readonly service?: string | null
  readonly startAtLogin?: boolean
  readonly shortcuts?: Readonly<Partial<Record<ShortcutAct, string>>>
}

export type SettingsProblem =
  /** No https address (http on this machine alone), or none of a group service. */
  | { readonly kind: 'address' }
  | { readonly kind: 'unreachable' }
  /** Another program has it, or it is no accelerator. */
  | { readonly kind: 'shortcut'; readonly act: ShortcutAct }

/** What the desktop program tells the window, unasked. */
export interface DesktopNotices {
  /** By the notification, the card, or a global shortcut. */
  asked: ShortcutAct | CardAct
  /** A `tel:` or `callto:` link: fills in, and never dials. */
  dial: string
  /** The machine woke, or the screen was unlocked: what was connected may not be any more. */
  woke: null
}

/** How main tells the preload script where the service is: an argument of the window's process. */
export const serviceArgument = '--gruppnummer-service='

/** What `window.desktop` is, where there is one. */
export type Desktop = {
  readonly [Name in keyof DesktopRequests]: (
    ...given: Parameters<DesktopRequests[Name]>
  ) => Promise<ReturnType<DesktopRequests[Name]>>
} & {
  /** Where the service is, such as `http://127.0.0.1:8330`. */
  readonly service: string
  /** Calls `listener` until the returned function is called. */
  on<Name extends keyof DesktopNotices>(name: Name, listener: (told: DesktopNotices[Name]) => void): () => void
}

const words = z.string().max(200)
/** As large as a document may be. */
const longestCopy = 32 * 1024 * 1024
const accelerator = z.string().max(40)

const settingsChangeSchema = z.strictObject({
  service: z.string().max(300).nullable().exactOptional(),
  startAtLogin: z.boolean().exactOptional(),
  shortcuts: z.partialRecord(z.enum(shortcutActs), accelerator).exactOptional(),
})

/** The arguments of each request, as they come over the border. */
export const desktopArguments = {
  showRinging: z.tuple([z.strictObject({ title: words, body: words, answer: words, reject: words })]),
  stopRinging: z.tuple([]),
  tell: z.tuple([z.strictObject({ title: words, body: words })]),
  press: z.tuple([z.enum(cardActs)]),
  showState: z.tuple([z.strictObject({ mark: z.enum(trayMarks), words, language: z.enum(['sv', 'en']) })]),
  openOutside: z.tuple([z.string().max(8000)]),
  sessionToken: z.tuple([]),
  readCopy: z.tuple([]),
  keepCopy: z.tuple([z.string().max(longestCopy)]),
  removeCopy: z.tuple([]),
  readSettings: z.tuple([]),
  changeSettings: z.tuple([settingsChangeSchema]),
} satisfies { readonly [Name in keyof DesktopRequests]: z.ZodType<Parameters<DesktopRequests[Name]>> }
