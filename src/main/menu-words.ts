export interface MenuWords {
  readonly show: string
  readonly quit: string
  readonly edit: string
  readonly view: string
  readonly window: string
  /** Asked when somebody quits in a call. */
  readonly inCall: string
  readonly inCallDetail: string
  readonly stay: string
}

export type Language = 'sv' | 'en'

/** For the system's locale, such as `sv-FI`: Swedish, or English for every other language. */
export const languageOf = (locale: string): Language => (/^sv\b/i.test(locale) ? 'sv' : 'en')

/** The words of the desktop program's own menus and questions. */
export const menuWords: Readonly<Record<Language, MenuWords>> = {
  sv: {
    show: 'Visa Gruppnummer',
    quit: 'Avsluta',
    edit: 'Redigera',
    view: 'Visa',
    window: 'Fönster',
    inCall: 'Du är i ett samtal',
    inCallDetail: 'Avslutar du programmet bryts samtalet.',
    stay: 'Stanna kvar',
  },
  en: {
    show: 'Show Gruppnummer',
    quit: 'Quit',
    edit: 'Edit',
    view: 'View',
    window: 'Window',
    inCall: 'You are in a call',
    inCallDetail: 'Quitting the program ends the call.',
    stay: 'Stay',
  },
}
