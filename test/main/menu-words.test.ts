import { expect, test } from 'vitest'
import { menuWords } from '../../src/main/menu-words.ts'

test.each(['sv', 'sv-SE', 'sv-FI', 'SV'])('the tray menu is in Swedish where the system is in %s', (locale) => {
  expect(menuWords(locale)).toEqual({ show: 'Visa Gruppnummer', quit: 'Avsluta' })
})

test.each(['en-GB', 'fi', 'svx', ''])('the tray menu is in English where the system is in "%s"', (locale) => {
  expect(menuWords(locale)).toEqual({ show: 'Show Gruppnummer', quit: 'Quit' })
})
