import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createPasswords, deriveByPackage } from '../../../src/service/accounts/password.ts'

const work = { memory: 64, passes: 2 }

test('a hash says how it was made, and matches its password alone', async () => {
  const passwords = createPasswords({ random: randomBytes, work })
  const hashed = await passwords.hash('smörgås')
  expect(hashed).toMatch(/^\$argon2id\$v=19\$m=64,t=2,p=1\$/)
  expect(await passwords.matches('smörgås', hashed)).toBe(true)
  expect(await passwords.matches('smorgas', hashed)).toBe(false)
  expect(await passwords.matches('smörgås', undefined)).toBe(false)
  expect(await passwords.matches('smörgås', 'not a hash')).toBe(false)
})

test('the package for runtimes without argon2 gives the same bytes', async () => {
  const salt = Buffer.from('0123456789abcdef')
  const passwords = createPasswords({ random: () => salt, work })
  const byNode = await passwords.hash('smörgås')
  const byPackage = await deriveByPackage('smörgås', salt, work)
  expect(byNode.split('$').at(-1)).toBe(byPackage.toString('base64').replace('=', ''))
})

test('the usual work is that of the OWASP cheat sheet', async () => {
  const passwords = createPasswords({ random: randomBytes })
  expect(await passwords.hash('smörgås')).toContain('$m=19456,t=2,p=1$')
})
