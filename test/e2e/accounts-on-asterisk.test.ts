import { readFileSync } from 'node:fs'
import { afterEach, expect } from 'vitest'
import type { AccountRead } from '../../src/contract/administration.ts'
import type { ConfigurationRead } from '../../src/contract/console.ts'
import type { AgentId, AgreementId, E164 } from '../../src/core/configuration/types.ts'
import { softphonePath } from '../../src/switch/asterisk/server/names.ts'
import { openDoor } from '../switch/asterisk/asterisk-stage.ts'
import { openSipPhone } from '../switch/embedded/sip-phone.ts'
import { openNumber, tones } from './support/company.ts'
import { openOffice, type Office } from './support/office.ts'
import { testWith } from './support/peers.ts'

const soon = { timeout: 15_000, interval: 50 }

let office: Office | undefined
let close: (() => unknown)[] = []
afterEach(async () => {
  for (const each of close.splice(0)) await each()
  await office?.close()
  close = []
  office = undefined
})

testWith('asterisk')(
  '[T15] an agent who is added in the console has an account, and one who is removed has none, though their call goes on',
  async () => {
    office = await openOffice({ wrapUpSeconds: 0 }, { engine: 'asterisk' })
    const { accounts, phone } = await softphones(office)
    const chief = await office.asks()
    const edit = async (...edits: object[]) => {
      const { revision } = (await chief.ask({ type: 'readConfiguration' })) as ConfigurationRead
      expect(await chief.ask({ type: 'edit', onto: revision, edits } as never)).toMatchObject({ outcome: 'done' })
    }
    await expect.poll(() => accounts('anna'), soon).toEqual(['auth', 'aor', 'endpoint'])
    const dora = { id: 'dora' as AgentId, firstName: 'Dora', lastName: 'Berg', phone: '+46701000009' as E164 }
    await edit({
      type: 'putAgent',
      agent: { ...dora, agreement: 'agreement' as AgreementId, answersAt: 'softphone' },
    })
    expect(await accounts('dora')).toEqual([])
    const account = { name: 'dora', roles: ['agent'], agent: 'dora', supervises: [] }
    const made = (await chief.ask({ type: 'putAccount', account } as never)) as AccountRead
    await expect.poll(() => accounts('dora'), soon).toEqual(['auth', 'aor', 'endpoint'])
    await chief.ask({ type: 'removeAccount', account: made.id })
    await expect.poll(() => accounts('dora'), soon).toEqual([])

    const desk = await phone('anna')
    await chief.ask({ type: 'logIn', agent: 'anna' as AgentId })
    const caller = await office.line(openNumber)
    await expect.poll(() => desk.state, soon).toBe('ringing')
    await desk.answers()
    await expect.poll(() => caller.hears(), soon).toBe('anna')
    await edit({ type: 'removeAgent', agent: 'anna' })
    await expect.poll(() => accounts('anna'), soon).toEqual([])
    await expect(phone('anna')).rejects.toThrow('Registered was expected')
    await caller.listens(0.5)
    expect(caller.hears()).toBe('anna')
    await desk.hangsUp()
    await expect.poll(() => caller.state, soon).toBe('ended')
  },
)

/** Straight to its Asterisk, and what that knows of an agent. */
async function softphones(of: Office) {
  const { servers } = JSON.parse(readFileSync(of.file('asterisk.json'), 'utf8')) as {
    servers: { url: string; user: string; password: string }[]
  }
  const { url, user, password } = servers[0]!
  const headers = { authorization: `Basic ${btoa(`${user}:${password}`)}` }
  const door = await openDoor({
    softphoneSocket: { host: '127.0.0.1', port: Number(new URL(url).port), url: softphonePath },
  })
  close.push(() => door.close())
  return {
    accounts: async (agent: string) => {
      const kinds = ['auth', 'aor', 'endpoint']
      const there = await Promise.all(
        kinds.map((kind) => fetch(`${url}/asterisk/config/dynamic/res_pjsip/${kind}/${agent}`, { headers })),
      )
      return kinds.filter((_, at) => there[at]?.ok)
    },
    phone: async (agent: 'anna' | 'ben') => {
      const kept = JSON.parse(readFileSync(of.file('accounts.json'), 'utf8')) as { softphones: Record<string, string> }
      const about = { user: agent, secret: kept.softphones[agent] ?? '', port: door.port, hertz: tones[agent] }
      const opened = await openSipPhone({ ...about, tones: { ...tones, speech: 0, song: 0 } })
      close.push(() => opened.close())
      return opened
    },
  }
}
