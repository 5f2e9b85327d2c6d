import { readFileSync, writeFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { TrayState } from '../src/contract/desktop.ts'

/** Draws the tray's icons and the program's: `node scripts/make-icons.ts`, with Chromium; what it made is in `resources/icons`. */
const stroke = 'fill="none" stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round"'

/** One colour and one shape each, as the console's (`tokens.css`), and readable on a light and a dark bar. */
const marks: Readonly<Record<TrayState['mark'], string>> = {
  available: '<circle cx="16" cy="16" r="11" fill="#1f9d55"/>',
  ringing: `<g stroke="#d18616" ${stroke}><path d="M8 22V14a8 8 0 0 1 16 0v8l2 2H6z" fill="#d18616"/><path d="M13 28h6"/></g>`,
  talking:
    '<path fill="#2b7bd1" d="M9 4l5 1 1.500 6-3 2.500a15 15 0 0 0 6 6l2.500-3 6 1.500 1 5c-.5 3-3 5-6 5C13 27 5 19 4 10c0-3 2-5.500 5-6z"/>',
  wrapUp: `<g stroke="#8a4fd0" ${stroke}><path d="M6 26l1.500-6L21 6.500l4.500 4.500L12 24.500z"/></g>`,
  paused: `<g stroke="#7b8490" ${stroke}><path d="M6 11h16v9a6 6 0 0 1-6 6h-4a6 6 0 0 1-6-6z" fill="#7b8490"/><path d="M22 13h2a4 4 0 0 1 0 8h-2"/></g>`,
  loggedOut: `<circle cx="16" cy="16" r="10" stroke="#7b8490" ${stroke}/>`,
  problem: `<g stroke="#d03a2f" ${stroke}><path d="M16 5L29 27H3z"/><path d="M16 13v6M16 23v.1"/></g>`,
}

const drawing = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${inside}</svg>`
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--disable-dev-shm-usage', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
})
const page = await browser.newPage()
await draw('icon.png', 512, readFileSync('src/renderer/icon.svg', 'utf8'))
for (const [mark, inside] of Object.entries(marks)) await draw(`tray-${mark}.png`, 32, drawing(inside))
await browser.close()

async function draw(name: string, size: number, svg: string) {
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(
    `<style>body{margin:0;background:none}svg{display:block;width:100vw;height:100vh}</style>${svg}`,
  )
  writeFileSync(`resources/icons/${name}`, await page.screenshot({ omitBackground: true }))
}
