import { parseConfiguration } from '../../../src/core/configuration/parse.ts'
import type { Configuration } from '../../../src/core/configuration/types.ts'

/** The smallest configuration, of a company with this name. */
export function company(name: string): Configuration {
  const parsed = parseConfiguration({
    schemaVersion: 1,
    company: { name, timeZone: 'Europe/Stockholm', language: 'sv', country: 'SE' },
    agreements: [{ id: 'main', name: 'Huvudavtal' }],
    agents: [],
    groupNumbers: [],
    messages: [],
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem))
  return parsed.value
}
