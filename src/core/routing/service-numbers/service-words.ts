import type { Language } from '../../configuration/types.ts'
import type { RecordedKind } from '../messages.ts'

/** What service numbers say: few fixed texts, so that each can be recorded where no speech can be made. */
export interface ServiceWords {
  readonly unknownPhone: string
  readonly pin: string
  readonly wrongPin: string
  readonly loggedOut: string
  readonly loggedIn: string
  readonly everywhere: string
  readonly menu: string
  readonly press: string
  readonly forGroup: string
  readonly back: string
  readonly number: string
  readonly noNumber: string
  readonly kind: string
  readonly kinds: Readonly<Record<RecordedKind, string>>
  readonly record: string
  readonly nothingHeard: string
  readonly review: string
  readonly saved: string
  readonly goodbye: string
}

export const serviceWords: Readonly<Record<Language, ServiceWords>> = {
  sv: {
    unknownPhone: 'Det här numret känns inte igen.',
    pin: 'Slå din pinkod och avsluta med fyrkant.',
    wrongPin: 'Fel pinkod.',
    loggedOut: 'Du är utloggad.',
    loggedIn: 'Du är inloggad i',
    everywhere: 'alla gruppnummer.',
    menu: 'Tryck 1 för att logga in i alla, 2 för att logga ut ur alla, 3 för ett gruppnummer i taget.',
    press: 'Tryck',
    forGroup: 'för',
    back: 'Tryck stjärna för att gå tillbaka.',
    number: 'Slå gruppnumret och avsluta med fyrkant.',
    noNumber: 'Det gruppnumret finns inte.',
    kind: 'Välj meddelande.',
    kinds: {
      welcome: 'välkomstmeddelande.',
      closed: 'stängtmeddelande.',
      comfort: 'kömeddelande.',
      overflow: 'overflowmeddelande.',
    },
    record: 'Tala in efter tonen och avsluta med fyrkant.',
    nothingHeard: 'Inget spelades in.',
    review: 'Tryck 1 för att spara, 2 för att tala in på nytt, 3 för att lyssna igen.',
    saved: 'Meddelandet är sparat.',
    goodbye: 'Hej då.',
  },
  en: {
    unknownPhone: 'This number is not known.',
    pin: 'Enter your PIN and end with hash.',
    wrongPin: 'Wrong PIN.',
    loggedOut: 'You are logged out.',
    loggedIn: 'You are logged in to',
    everywhere: 'all group numbers.',
    menu: 'Press 1 to log in to all, 2 to log out of all, 3 for one group number at a time.',
    press: 'Press',
    forGroup: 'for',
    back: 'Press star to go back.',
    number: 'Enter the group number and end with hash.',
    noNumber: 'There is no such group number.',
    kind: 'Choose a message.',
    kinds: {
      welcome: 'the welcome message.',
      closed: 'the closed message.',
      comfort: 'the queue message.',
      overflow: 'the overflow message.',
    },
    record: 'Speak after the tone and end with hash.',
    nothingHeard: 'Nothing was recorded.',
    review: 'Press 1 to save, 2 to record again, 3 to listen again.',
    saved: 'The message is saved.',
    goodbye: 'Goodbye.',
  },
}
