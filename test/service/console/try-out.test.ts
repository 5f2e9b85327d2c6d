import { expect, test } from 'vitest'
import { tryOut } from '../../../src/service/try-out.ts'
import { company } from '../../support/routing/company.ts'
import { redeem, startScene, supportNumber } from './service-scene.ts'

test('a try-out has three links: a supervisor who answers, a second agent and a reviewer', async () => {
  const scene = await startScene()
  const links = await tryOut(scene.service, scene)
  const signedIn = async (link: string): Promise<unknown> => (await redeem(scene.service, link)).json()
  expect(await signedIn(links.supervisor)).toMatchObject({
    roles: ['supervisor', 'agent'],
    agent: 'anna',
    supervises: ['support', 'sales'],
  })
  expect(await signedIn(links.agent)).toMatchObject({ roles: ['agent'], agent: 'ben' })
  expect(await signedIn(links.reviewer)).toMatchObject({ roles: ['reviewer'] })

  const again = await tryOut(scene.service, scene)
  expect(again.supervisor).not.toBe(links.supervisor)
  expect(scene.accounts.list()).toHaveLength(3)
})

test('a company where nobody could answer is told as such', async () => {
  const scene = await startScene({
    configuration: company([{ id: 'support', number: supportNumber, members: ['anna'] }]),
  })
  await expect(tryOut(scene.service, scene)).rejects.toThrow('expected a group number with two agents')
})
