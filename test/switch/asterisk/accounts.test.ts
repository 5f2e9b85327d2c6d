import { expect, test } from 'vitest'
import type { SwitchSetup } from '../../../src/contract/switch.ts'
import type { AgentId } from '../../../src/core/configuration/types.ts'
import { failed, ok } from '../../../src/core/result.ts'
import { keepAccounts } from '../../../src/switch/asterisk/accounts.ts'
import type { AriClient } from '../../../src/switch/asterisk/open-ari-client.ts'
import type { AriRequest } from '../../../src/switch/asterisk/ari-request.ts'

type Fields = readonly { readonly attribute: string; readonly value: string }[]

/** Where Asterisk keeps accounts: objects by path, which it lists, gives, takes and removes. */
function sorcery() {
  const objects = new Map<string, Fields>()
  const asked: string[] = []
  const perform = ({ method, path, body }: Omit<AriRequest<unknown>, 'reply'>) => {
    asked.push(`${method} ${path.replace('/asterisk/config/dynamic/res_pjsip', '')}`)
    const refused = failed({ kind: 'refused', status: 404, reason: '' } as const)
    if (path === '/endpoints/PJSIP')
      return ok(
        [...objects.keys()]
          .flatMap((key) => (/\/endpoint\/(.*)/.exec(key) ?? []).slice(1))
          .map((resource) => ({ resource })),
      )
    if (method === 'PUT') objects.set(path, (body as { fields: Fields }).fields)
    if (method === 'DELETE') return objects.delete(path) ? ok('') : refused
    const object = objects.get(path)
    return object ? ok(object) : refused
  }
  const ari = {
    request: (request: AriRequest<unknown>) => Promise.resolve(perform(request)),
    send: (request: Omit<AriRequest<unknown>, 'reply'>) => Promise.resolve(perform(request)),
  } as unknown as AriClient
  return {
    accounts: () => keepAccounts(ari),
    objects,
    look: () => asked.splice(0),
  }
}

const setupOf = (...users: string[]) =>
  ({
    softphones: users.map((user) => ({ agent: user as AgentId, user, ha1: `of ${user}` })),
    callers: [],
  }) as unknown as SwitchSetup

test('[T14] at an attach only accounts that are not there are made before calls are served', async () => {
  const { accounts, look } = sorcery()
  await accounts().makeMissing(setupOf('anna'))
  expect(look()).toEqual(['GET /endpoints/PJSIP', 'PUT /auth/anna', 'PUT /aor/anna', 'PUT /endpoint/anna'])
  await accounts().makeMissing(setupOf('anna', 'ben'))
  expect(look()).toEqual(['GET /endpoints/PJSIP', 'PUT /auth/ben', 'PUT /aor/ben', 'PUT /endpoint/ben'])
})

test('drift is found and mended: what was changed, what is missing, and what nobody wants any more', async () => {
  const { accounts, objects, look } = sorcery()
  const before = accounts()
  await before.makeMissing(setupOf('anna', 'ben', 'gone'))
  const right = new Map(objects)
  const path = '/asterisk/config/dynamic/res_pjsip'
  objects.set(`${path}/auth/anna`, [{ attribute: 'md5_cred', value: 'of somebody else' }])
  objects.delete(`${path}/aor/ben`)
  // Of the files, not ours.
  objects.set(`${path}/endpoint/trunk`, [{ attribute: 'accountcode', value: '' }])
  look()

  const after = accounts()
  await after.makeMissing(setupOf('anna', 'ben'))
  expect(await after.keep(setupOf('anna', 'ben'), true)).toEqual([])
  for (const key of ['auth/anna', 'aor/ben'].map((name) => `${path}/${name}`))
    expect(objects.get(key)).toEqual(right.get(key))
  expect([...objects.keys()].filter((key) => key.endsWith('/gone'))).toEqual([])
  expect(objects.has(`${path}/endpoint/trunk`)).toBe(true)
  expect(look().filter((said) => said.startsWith('PUT'))).toEqual(['PUT /auth/anna', 'PUT /aor/ben'])
})
