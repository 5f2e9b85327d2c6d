import { expect, test } from 'vitest'
import { applicationMenu } from '../../src/main/application-menu.ts'
import { languageOf, menuWords } from '../../src/main/menu-words.ts'

test.each(['sv', 'sv-SE', 'sv-FI', 'SV'])('the menus are in Swedish where the system is: %s', (locale) => {
  expect(languageOf(locale)).toBe('sv')
})

test.each(['en', 'en-GB', 'de', 'svx', ''])('the menus are in English in every other language: %s', (locale) => {
  expect(languageOf(locale)).toBe('en')
})

test('both languages say everything', () => {
  expect(Object.keys(menuWords.sv)).toEqual(Object.keys(menuWords.en))
  for (const words of Object.values(menuWords)) expect(Object.values(words)).not.toContain('')
})

test.each(['linux', 'win32', 'darwin'] as const)('the menu bar of %s can copy, paste, enlarge and quit', (platform) => {
  const menu = JSON.stringify(applicationMenu('sv', platform))
  for (const role of ['copy', 'paste', 'zoomIn']) expect(menu).toContain(`"role":"${role}"`)
  expect(menu).toMatch(platform === 'darwin' ? /"appMenu"/ : /"quit","label":"Avsluta"/)
  expect(menu).not.toMatch(/toggleDevTools|reload/)
})
