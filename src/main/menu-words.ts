export interface MenuWords {
  readonly show: string
  readonly quit: string
}

/** The tray menu's words for the system's locale, such as `sv-FI`: Swedish, or English for every other language. */
export function menuWords(locale: string): MenuWords {
  return /^sv\b/i.test(locale)
    ? { show: 'Visa Gruppnummer', quit: 'Avsluta' }
    : { show: 'Show Gruppnummer', quit: 'Quit' }
}
