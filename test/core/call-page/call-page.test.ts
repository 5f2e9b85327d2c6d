import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  callPageProblem,
  callPageUrl,
  callPageValues,
  type CallPageValues,
} from '../../../src/core/call-page/call-page.ts'

const values: CallPageValues = {
  number: '+46701740605',
  groupNumber: '+46122260980',
  groupName: 'Kundtjänst & support',
  callId: 'call 1',
  agent: 'anna',
  agentName: 'Anna Lindqvist',
}

test.each([
  ['https://crm.example.com/?tel={number}', 'https://crm.example.com/?tel=%2B46701740605'],
  ['https://crm.example.com/calls/{callId}#{agent}', 'https://crm.example.com/calls/call%201#anna'],
  [
    'https://crm.example.com?g={groupName}&n={groupNumber}',
    'https://crm.example.com?g=Kundtj%C3%A4nst%20%26%20support&n=%2B46122260980',
  ],
  ['https://192.0.2.7:8443/x', 'https://192.0.2.7:8443/x'],
  ['HTTPS://[2001:db8::1]/{agentName}', 'HTTPS://[2001:db8::1]/Anna%20Lindqvist'],
])('[W37] %s becomes %s', (template, url) => {
  expect(callPageProblem(template)).toBeUndefined()
  expect(callPageUrl(template, values)).toBe(url)
})

test.each([
  ['javascript:alert(1)', 'begins with https://'],
  ['JavaScript:alert({number})//', 'begins with https://'],
  ['http://crm.example.com/{number}', 'begins with https://'],
  ['file:///etc/passwd', 'begins with https://'],
  ['//crm.example.com/', 'begins with https://'],
  ['crm.example.com', 'begins with https://'],
  ['', 'begins with https://'],
  ['https:crm.example.com', 'begins with https://'],
  ['https://', 'name of a host'],
  ['https:///x', 'name of a host'],
  ['https://{number}.example.com/', 'name of a host'],
  ['https://crm.example.com{number}/', 'name of a host'],
  ['https://crm.example.com:{number}/', 'name of a host'],
  ['https://{groupName}/', 'name of a host'],
  ['https://anna:secret@crm.example.com/', 'user name or password'],
  ['https://{agent}@crm.example.com/', 'user name or password'],
  ['https://crm.example.com@elsewhere.example/', 'user name or password'],
  ['https://crm.example.com\\@elsewhere.example/', 'without spaces'],
  ['https://crm.example.com/ x', 'without spaces'],
  ['java\nscript:alert(1)', 'without spaces'],
  ['https://crm.example.com/\u0000', 'without spaces'],
  ['https://crm.example.com/{phone}', 'in braces one of number, groupNumber'],
  ['https://crm.example.com/{__proto__}', 'in braces one of'],
  ['https://crm.example.com/{}', 'in braces one of'],
  ['https://crm.example.com/{number', 'every { to have its }'],
  ['https://crm.example.com/number}', 'every { to have its }'],
  ['https://crm.example.com/a/../{number}', 'without . and ..'],
  ['https://crm.example.com/%2E%2e/{number}', 'without . and ..'],
  [`https://crm.example.com/${'x'.repeat(2000)}`, 'at most 2000'],
])('[W37] %j is refused', (template, why) => {
  expect(callPageProblem(template)).toContain(why)
  expect(callPageUrl(template, values)).toBeUndefined()
})

test('[W38] nothing is opened with the number of a caller who hides it', () => {
  const { number: _, ...hidden } = values
  expect(callPageUrl('https://crm.example.com/?tel={number}', hidden)).toBeUndefined()
  expect(callPageUrl('https://crm.example.com/?call={callId}', hidden)).toBe('https://crm.example.com/?call=call%201')
})

test('[W37] a value never leads up in the path', () => {
  for (const agent of ['..', '.', '%2e%2e'])
    expect(callPageUrl('https://crm.example.com/a/{agent}/b', { ...values, agent })?.includes('/../') ?? false).toBe(
      false,
    )
  expect(callPageUrl('https://crm.example.com/a/{agent}', { ...values, agent: '..' })).toBeUndefined()
  expect(callPageUrl('https://crm.example.com/?a={agent}', { ...values, agent: '..' })).toBe(
    'https://crm.example.com/?a=..',
  )
})

test('[W37] whatever is filled in, the address stays on its host and path, and the value comes back whole', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 })
  fc.assert(
    fc.property(text, text, fc.constantFrom(...callPageValues), (number, agent, name) => {
      const given = { ...values, number, agent }
      const url = callPageUrl(`https://crm.example.com/find?q={${name}}&end=1#{agent}`, given)
      if (url === undefined) return
      const { origin, pathname, searchParams, username } = new URL(url)
      expect({ origin, pathname, username }).toEqual({
        origin: 'https://crm.example.com',
        pathname: '/find',
        username: '',
      })
      expect(searchParams.get('end')).toBe('1')
      expect(searchParams.get('q')).toBe(given[name].toWellFormed())
    }),
  )
})
