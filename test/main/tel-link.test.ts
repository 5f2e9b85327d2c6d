import { expect, test } from 'vitest'
import { numberAmong, numberOfLink } from '../../src/main/tel-link.ts'

test.each([
  ['tel:+46-70-123.45.67', '+46701234567'],
  ['tel:070-123%2045%2067', '0701234567'],
  ['TEL:(08)5551234', '085551234'],
  ['tel:7042;phone-context=example.com', '7042'],
  ['tel:+4681234;ext=12', '+4681234'],
  ['callto:0701234567', '0701234567'],
  ['callto://+46701234567', '+46701234567'],
  ['tel:*21%23', '*21#'],
])('%s names %s', (link, number) => {
  expect(numberOfLink(link)).toBe(number)
})

test.each([
  'tel:',
  'tel:anna',
  'tel:%',
  'tel:+46701234567%0d%0aX-Header:1',
  'callto:anna.andersson',
  'sip:0701234567@example.com',
  'javascript:alert(1)',
  '--user-data-dir=/tmp',
  `tel:${'1'.repeat(40)}`,
  'tel:070<script>',
])('%s names none', (link) => {
  expect(numberOfLink(link)).toBeUndefined()
})

test('the link is found among the arguments of a second start', () => {
  expect(numberAmong(['/opt/Gruppnummer', '--hidden', 'tel:0701234567'])).toBe('0701234567')
  expect(numberAmong(['/opt/Gruppnummer', '.'])).toBeUndefined()
})
