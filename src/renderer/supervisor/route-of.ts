export type SectionName =
  | 'overview'
  | 'agents'
  | 'hours'
  | 'messages'
  | 'settings'
  | 'monitor'
  | 'missed'
  | 'calls'
  | 'check'
  | 'history'
  | 'company'
  | 'accounts'
  | 'destinations'

/** The name of a section's route. Apart from `sections.ts`, so that a page may lead to another without knowing all. */
export const routeOf = ({ name, of }: { readonly name: SectionName; readonly of: 'groupNumber' | 'company' }) =>
  `admin-${of}-${name}`
