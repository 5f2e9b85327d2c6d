/** A document as JSON gives it, for tests that change a part of it. Small, and every id in it is used. */
export function documentOf() {
  return {
    schemaVersion: 1,
    company: { name: 'Exempel AB', timeZone: 'Europe/Stockholm', language: 'sv', country: 'SE' },
    agreements: [{ id: 'main', name: 'Huvudavtal' }],
    agents: [
      {
        id: 'anna',
        firstName: 'Anna',
        lastName: 'Berg',
        phone: '+46701740605',
        agreement: 'main',
        answersAt: 'softphone',
      },
      { id: 'bo', firstName: 'Bo', lastName: 'Ek', phone: '+46701740606', agreement: 'main', answersAt: 'phone' },
    ],
    groupNumbers: [
      {
        id: 'support',
        number: '+46122260980',
        name: 'Support',
        agreement: 'main',
        members: [{ agent: 'anna' }, { agent: 'bo', level: 2 }],
        schedules: [
          {
            id: 'ordinary',
            name: 'Ordinarie schema',
            week: { mon: [{ from: '08:00', to: '16:00' }], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] },
          },
        ],
        activeSchedule: 'ordinary',
        exceptions: [
          {
            id: 'eve',
            name: 'Julafton',
            effect: 'closed',
            from: '2026-12-24T00:00',
            to: '2026-12-25T00:00',
            yearly: true,
          },
        ],
        messages: { welcome: 'hello', closed: null, music: [] },
        settings: { ringSeconds: 25 },
      },
    ],
    messages: [
      {
        id: 'hello',
        name: 'Välkommen',
        kind: 'welcome',
        language: 'sv',
        transcript: 'Välkommen till oss.',
        seconds: 2.5,
        file: 'audio/hello.wav',
        sha256: 'a'.repeat(64),
        origin: 'recorded',
      },
    ],
  }
}

/** The document with one place changed: `changed('groupNumbers[0].settings.ringSeconds', 3)`; `undefined` takes it away. */
export function changed(path: string, value: unknown, document: object = documentOf()): unknown {
  const parts = path.split(/[.[\]]+/).filter(Boolean)
  const last = parts.pop() ?? ''
  const copy = structuredClone(document) as Record<string, unknown>
  let place = copy
  for (const part of parts) place = place[part] as Record<string, unknown>
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- taking a key away is what is asked
  if (value === undefined) delete place[last]
  else place[last] = value
  return copy
}
