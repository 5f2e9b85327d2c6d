import type { Subject } from './difference.ts'
import type { Language, Settings, Weekday } from './types.ts'

/** The words for what a document says, where no window is near: history, command line, check. */
export interface Vocabulary {
  readonly item: Readonly<
    Record<Subject['kind'], { readonly noun: string; readonly added: string; readonly removed: string }>
  >
  readonly fields: {
    readonly company: Labels<'name' | 'timeZone' | 'language' | 'country' | 'serviceNumbers'>
    readonly agreement: Labels<'name' | 'parent'>
    readonly agent: Labels<
      'firstName' | 'lastName' | 'phone' | 'agreement' | 'answersAt' | 'wrapUpSeconds' | 'autoAnswer'
    >
    readonly groupNumber: Labels<'number' | 'name' | 'agreement' | 'activeSchedule' | 'override'>
    readonly member: Labels<'level' | 'weight'>
    readonly schedule: Labels<'name' | 'welcome' | 'closed'>
    readonly exception: Labels<'name' | 'effect' | 'from' | 'to' | 'yearly' | 'message' | 'action'>
    readonly message: Labels<
      'name' | 'kind' | 'groupNumber' | 'language' | 'transcript' | 'seconds' | 'file' | 'sha256' | 'origin'
    >
  }
  readonly settings: Labels<keyof Settings>
  /** Values that have words of their own. */
  readonly settingValues: Readonly<Partial<Record<keyof Settings, Readonly<Partial<Record<string, string>>>>>>
  readonly kinds: Readonly<Partial<Record<string, string>>>
  readonly origins: Readonly<Partial<Record<string, string>>>
  readonly days: Labels<Weekday>
  readonly lists: Readonly<Partial<Record<string, string>>>
  readonly languages: Labels<Language>
  readonly effects: Labels<'open' | 'closed'>
  readonly answersAt: Labels<'softphone' | 'phone'>
  readonly actions: Labels<'hangUp' | 'voicemail' | 'queue'> & {
    readonly forward: (to: string) => string
    readonly group: (to: string) => string
  }
  /** Of settings that are objects. */
  readonly parts: Readonly<Partial<Record<string, string>>>
  readonly order: (list: string) => string
  readonly more: (count: number) => string
  readonly preset: (value: string) => string
  readonly presetAlone: string
  readonly services: Labels<'logIn' | 'record'>
  readonly seconds: (count: number) => string
  readonly until: (time: string) => string
  readonly blocked: (who: string) => string
  readonly first: (who: string, priority: number) => string
  readonly inactive: (what: string) => string
  readonly callPageAt: Labels<'ringing' | 'answer'>
  readonly notByHand: string
  readonly silence: string
  readonly none: string
  readonly yes: string
  readonly no: string
}

type Labels<Keys extends string> = Readonly<Record<Keys, string>>

const swedish: Vocabulary = {
  item: {
    agreement: { noun: 'avtal', added: 'tillagt', removed: 'borttaget' },
    agent: { noun: 'agent', added: 'tillagd', removed: 'borttagen' },
    groupNumber: { noun: 'gruppnummer', added: 'tillagt', removed: 'borttaget' },
    member: { noun: 'agent', added: 'tillagd', removed: 'borttagen' },
    schedule: { noun: 'schema', added: 'tillagt', removed: 'borttaget' },
    exception: { noun: 'avvikelse', added: 'tillagd', removed: 'borttagen' },
    message: { noun: 'talsvarsmeddelande', added: 'tillagt', removed: 'borttaget' },
  },
  fields: {
    company: {
      name: 'Företagets namn',
      timeZone: 'Tidszon',
      language: 'Språk i meddelanden',
      country: 'Land',
      serviceNumbers: 'Servicenummer',
    },
    agreement: { name: 'Namn', parent: 'Huvudavtal' },
    agent: {
      firstName: 'Förnamn',
      lastName: 'Efternamn',
      phone: 'Telefon',
      agreement: 'Avtal',
      answersAt: 'Svarar i',
      wrapUpSeconds: 'Efterbehandling',
      autoAnswer: 'Svarar av sig självt',
    },
    groupNumber: {
      number: 'Nummer',
      name: 'Namn',
      agreement: 'Avtal',
      activeSchedule: 'Aktivt schema',
      override: 'Öppna/stäng nu',
    },
    member: { level: 'Nivå', weight: 'Vikt' },
    schedule: { name: 'Namn', welcome: 'Välkomstmeddelande', closed: 'Stängtmeddelande' },
    exception: {
      name: 'Namn',
      effect: 'Gäller',
      from: 'Från',
      to: 'Till',
      yearly: 'Varje år',
      message: 'Meddelande',
      action: 'Åtgärd',
    },
    message: {
      name: 'Namn',
      kind: 'Slag',
      groupNumber: 'Gruppnummer',
      language: 'Språk',
      transcript: 'Text',
      seconds: 'Längd',
      file: 'Fil',
      sha256: 'Inspelning',
      origin: 'Ursprung',
    },
  },
  settings: {
    strategy: 'Ringordning',
    ringSeconds: 'Ringtid per agent',
    progressSeconds: 'Tid innan en agent till rings',
    wrapUpSeconds: 'Efterbehandling',
    escalateSeconds: 'Nästa nivå rings efter',
    missesBeforePause: 'Missade samtal i rad före paus',
    maxQueueLength: 'Längsta kö',
    maxWaitSeconds: 'Längsta väntan',
    comfortSeconds: 'Tid mellan kömeddelanden',
    announcePosition: 'Säg köplats',
    announceWait: 'Säg väntetid',
    welcome: 'Välkomstmeddelandet',
    whenClosed: 'När det är stängt',
    whenFull: 'När kön är full',
    whenTimeout: 'När väntan blir för lång',
    whenNoAgents: 'När ingen är inloggad',
    atClosing: 'Vid stängning',
    priority: 'Prioritet mellan gruppnummer',
    callers: 'Särskilda nummer',
    presentCaller: 'Nummer som agenten ser',
    acceptOnPhone: 'Svar i vanlig telefon',
    callback: 'Uppringning',
    voicemail: 'Röstbrevlåda',
    serviceLevelSeconds: 'Servicenivåns tid',
    shortAbandonSeconds: 'Kort väntan räknas inte under',
    outcomes: 'Utfall av samtal',
    outcomeRequired: 'Utfall efterfrågas',
    callPage: 'Sida vid samtal',
  },
  settingValues: {
    strategy: {
      longestIdle: 'längst ledig',
      ringAll: 'alla samtidigt',
      roundRobin: 'i tur och ordning',
      fixedOrder: 'fast ordning',
      fewestCalls: 'minst antal samtal',
      leastTalkTime: 'minst samtalstid',
      random: 'slumpvis',
      weightedRandom: 'slumpvis med vikt',
      ringProgressively: 'en till i taget',
    },
    escalateSeconds: { null: 'när ingen på lägre nivå är ledig' },
    missesBeforePause: { 0: 'aldrig' },
    maxWaitSeconds: { 0: 'ingen gräns' },
    comfortSeconds: { 0: 'aldrig' },
    welcome: { playFirst: 'spelas ut innan agenter rings', whileRinging: 'medan agenter rings' },
    atClosing: { serveQueue: 'de som väntar får svar', closeQueue: 'kön töms' },
    presentCaller: { caller: 'den som ringer', groupNumber: 'gruppnumret' },
    callback: { null: 'nej' },
    callPage: { null: 'ingen' },
  },
  kinds: {
    welcome: 'Välkomstmeddelande',
    closed: 'Stängtmeddelande',
    comfort: 'Repeterat kömeddelande',
    overflow: 'Overflowmeddelande',
    music: 'Musik under kötid',
    other: 'Övrigt',
  },
  origins: {
    prerecorded: 'inspelat i förväg',
    recorded: 'inspelat',
    uploaded: 'uppladdat',
    synthesized: 'talsyntes',
  },
  days: {
    mon: 'måndag',
    tue: 'tisdag',
    wed: 'onsdag',
    thu: 'torsdag',
    fri: 'fredag',
    sat: 'lördag',
    sun: 'söndag',
  },
  lists: {
    agreements: 'avtalen',
    agents: 'agenterna',
    groupNumbers: 'gruppnumren',
    members: 'agenterna',
    schedules: 'schemana',
    exceptions: 'avvikelserna',
    messages: 'talsvarsmeddelandena',
  },
  languages: { sv: 'svenska', en: 'engelska' },
  effects: { open: 'öppet', closed: 'stängt' },
  answersAt: { softphone: 'programmet', phone: 'telefon' },
  actions: {
    hangUp: 'lägg på',
    voicemail: 'röstbrevlåda',
    queue: 'ställ i kö',
    forward: (to) => `koppla till ${to}`,
    group: (to) => `till gruppnumret ${to}`,
  },
  parts: {
    digit: 'knapp',
    seconds: 'sekunder',
    text: 'text',
    afterSeconds: 'efter sekunder',
    tries: 'försök',
    untilHours: 'inom timmar',
    maxSeconds: 'högst sekunder',
    retentionDays: 'dagar kvar',
  },
  order: (list) => `ordningen på ${list} ändrad`,
  more: (count) => `och ${String(count)} till`,
  preset: (value) => `${value} (förinställt)`,
  presetAlone: 'förinställt',
  services: { logIn: 'logga in', record: 'spela in' },
  seconds: (count) => `${String(count)} s`.replace('.', ','),
  until: (time) => `till ${time}`,
  blocked: (who) => `${who} spärrat`,
  first: (who, priority) => `${who} före (prioritet ${String(priority)})`,
  inactive: (what) => `${what} (inaktivt)`,
  callPageAt: { ringing: 'när det ringer', answer: 'vid svar' },
  notByHand: 'enligt öppettiderna',
  silence: 'tystnad',
  none: 'inget',
  yes: 'ja',
  no: 'nej',
}

const english: Vocabulary = {
  item: {
    agreement: { noun: 'agreement', added: 'added', removed: 'removed' },
    agent: { noun: 'agent', added: 'added', removed: 'removed' },
    groupNumber: { noun: 'group number', added: 'added', removed: 'removed' },
    member: { noun: 'agent', added: 'added', removed: 'removed' },
    schedule: { noun: 'schedule', added: 'added', removed: 'removed' },
    exception: { noun: 'exception', added: 'added', removed: 'removed' },
    message: { noun: 'message', added: 'added', removed: 'removed' },
  },
  fields: {
    company: {
      name: 'Company name',
      timeZone: 'Time zone',
      language: 'Language of messages',
      country: 'Country',
      serviceNumbers: 'Service numbers',
    },
    agreement: { name: 'Name', parent: 'Main agreement' },
    agent: {
      firstName: 'First name',
      lastName: 'Last name',
      phone: 'Phone',
      agreement: 'Agreement',
      answersAt: 'Answers on',
      wrapUpSeconds: 'Wrap-up',
      autoAnswer: 'Answers by itself',
    },
    groupNumber: {
      number: 'Number',
      name: 'Name',
      agreement: 'Agreement',
      activeSchedule: 'Active schedule',
      override: 'Open/close now',
    },
    member: { level: 'Level', weight: 'Weight' },
    schedule: { name: 'Name', welcome: 'Welcome message', closed: 'Closed message' },
    exception: {
      name: 'Name',
      effect: 'Effect',
      from: 'From',
      to: 'To',
      yearly: 'Every year',
      message: 'Message',
      action: 'Action',
    },
    message: {
      name: 'Name',
      kind: 'Kind',
      groupNumber: 'Group number',
      language: 'Language',
      transcript: 'Text',
      seconds: 'Length',
      file: 'File',
      sha256: 'Recording',
      origin: 'Origin',
    },
  },
  settings: {
    strategy: 'Ring strategy',
    ringSeconds: 'Ring time per agent',
    progressSeconds: 'Time before one more agent is rung',
    wrapUpSeconds: 'Wrap-up',
    escalateSeconds: 'The next level is rung after',
    missesBeforePause: 'Missed calls in a row before pause',
    maxQueueLength: 'Longest queue',
    maxWaitSeconds: 'Longest wait',
    comfortSeconds: 'Time between comfort messages',
    announcePosition: 'Say the position',
    announceWait: 'Say the wait',
    welcome: 'The welcome message',
    whenClosed: 'When closed',
    whenFull: 'When the queue is full',
    whenTimeout: 'When the wait is too long',
    whenNoAgents: 'When nobody is logged in',
    atClosing: 'At closing',
    priority: 'Priority between group numbers',
    callers: 'Special numbers',
    presentCaller: 'Number the agent sees',
    acceptOnPhone: 'Answering on an ordinary phone',
    callback: 'Callback',
    voicemail: 'Voicemail',
    serviceLevelSeconds: 'Time of the service level',
    shortAbandonSeconds: 'Short waits not counted below',
    outcomes: 'Outcomes of calls',
    outcomeRequired: 'An outcome is asked for',
    callPage: 'Page at a call',
  },
  settingValues: {
    strategy: {
      longestIdle: 'longest idle',
      ringAll: 'all at once',
      roundRobin: 'in turn',
      fixedOrder: 'fixed order',
      fewestCalls: 'fewest calls',
      leastTalkTime: 'least talk time',
      random: 'at random',
      weightedRandom: 'at random by weight',
      ringProgressively: 'one more at a time',
    },
    escalateSeconds: { null: 'when nobody on a lower level is free' },
    missesBeforePause: { 0: 'never' },
    maxWaitSeconds: { 0: 'no limit' },
    comfortSeconds: { 0: 'never' },
    welcome: { playFirst: 'is played out before agents are rung', whileRinging: 'while agents are rung' },
    atClosing: { serveQueue: 'those waiting are answered', closeQueue: 'the queue is emptied' },
    presentCaller: { caller: 'the caller', groupNumber: 'the group number' },
    callback: { null: 'no' },
    callPage: { null: 'none' },
  },
  kinds: {
    welcome: 'Welcome message',
    closed: 'Closed message',
    comfort: 'Comfort message',
    overflow: 'Overflow message',
    music: 'Music on hold',
    other: 'Other',
  },
  origins: { prerecorded: 'prerecorded', recorded: 'recorded', uploaded: 'uploaded', synthesized: 'synthesized' },
  days: {
    mon: 'Monday',
    tue: 'Tuesday',
    wed: 'Wednesday',
    thu: 'Thursday',
    fri: 'Friday',
    sat: 'Saturday',
    sun: 'Sunday',
  },
  lists: {
    agreements: 'the agreements',
    agents: 'the agents',
    groupNumbers: 'the group numbers',
    members: 'the agents',
    schedules: 'the schedules',
    exceptions: 'the exceptions',
    messages: 'the messages',
  },
  languages: { sv: 'Swedish', en: 'English' },
  effects: { open: 'open', closed: 'closed' },
  answersAt: { softphone: 'this program', phone: 'a phone' },
  actions: {
    hangUp: 'hang up',
    voicemail: 'voicemail',
    queue: 'queue',
    forward: (to) => `put through to ${to}`,
    group: (to) => `to the group number ${to}`,
  },
  parts: {
    digit: 'key',
    seconds: 'seconds',
    text: 'text',
    afterSeconds: 'after seconds',
    tries: 'tries',
    untilHours: 'within hours',
    maxSeconds: 'at most seconds',
    retentionDays: 'days kept',
  },
  order: (list) => `the order of ${list} changed`,
  more: (count) => `and ${String(count)} more`,
  preset: (value) => `${value} (preset)`,
  presetAlone: 'preset',
  services: { logIn: 'log in', record: 'record' },
  seconds: (count) => `${String(count)} s`,
  until: (time) => `until ${time}`,
  blocked: (who) => `${who} blocked`,
  first: (who, priority) => `${who} first (priority ${String(priority)})`,
  inactive: (what) => `${what} (inactive)`,
  callPageAt: { ringing: 'when it rings', answer: 'at the answer' },
  notByHand: 'by the opening hours',
  silence: 'silence',
  none: 'none',
  yes: 'yes',
  no: 'no',
}

export const vocabularies: Readonly<Record<Language, Vocabulary>> = { sv: swedish, en: english }
