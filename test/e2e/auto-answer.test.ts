import { afterEach, expect } from 'vitest'
import { openNumber } from './support/company.ts'
import { heard, openOffice, type Office } from './support/office.ts'
import { testWith } from './support/peers.ts'

let office: Office | undefined
afterEach(async () => {
  await office?.close()
  office = undefined
})

const soon = { timeout: 15_000, interval: 50 }

testWith('chromium', 'sipp')(
  '[W43] a caller is taken by the desk itself, which says so, and both hear each other',
  async () => {
    office = await openOffice(
      {},
      {
        adapt: ({ agents: [first] }) => {
          Object.assign(first ?? {}, { autoAnswer: true })
        },
      },
    )
    const anna = await office.desk('anna')
    await anna.page.getByText('Callers from the queue are answered by themselves', { exact: false }).waitFor()
    const caller = await office.sipp(openNumber)
    await anna.inCall.getByText('The call was answered by itself.').waitFor()
    await expect.poll(() => heard(caller.ear.hears()), soon).toEqual(['anna'])
    await expect.poll(async () => heard(await anna.hears()), soon).toEqual(['caller'])
    await anna.hangsUp()
    expect(await caller.ended).toBe(0)
  },
)
