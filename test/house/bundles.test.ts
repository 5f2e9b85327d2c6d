import { builtinModules } from 'node:module'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { build } from '../../scripts/build.ts'

// What the desktop program is made of; Electron itself is not needed to look at it.
beforeAll(() => {
  expect(build()).toBe(true)
}, 120_000)

const imports = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/^\s*import\s(?:[^'"]*?\sfrom\s)?["']([^"']+)["']/gm)].map(
    ([, from = '']) => from,
  )

test('the main process has its service, its switch and its journal beside it', () => {
  for (const file of ['index', 'serve', 'main', 'journal-worker', 'record-worker'])
    expect(existsSync(`out/main/${file}.js`)).toBe(true)
})

test('the main process itself uses Electron, Node and a parser, and no engine', () => {
  const foreign = imports('out/main/index.js').filter(
    (from) => !from.startsWith('.') && !builtinModules.includes(from.replace('node:', '')),
  )
  expect(foreign.toSorted()).toEqual(['electron', 'electron-updater', 'zod'])
})

test('the service and the switch run without Electron’s module', () => {
  for (const file of globSync('out/main/*.js').filter((path) => !path.endsWith('/index.js')))
    expect(imports(file)).not.toContain('electron')
})

test('the preload script is one CommonJS file that needs Electron alone', () => {
  const text = readFileSync('out/preload/index.cjs', 'utf8')
  expect([...text.matchAll(/require\(["']([^"']+)["']\)/g)].map(([, name]) => name)).toEqual(['electron'])
})

test('no page of the console has a script or a style in it, or anything from outside', () => {
  for (const page of ['out/renderer/index.html', 'out/renderer/caller.html']) {
    const text = readFileSync(page, 'utf8')
    expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/)
    expect(text).not.toMatch(/(?:src|href)="(?:https?:|\/\/|data:)/)
  }
})

test('no bundle names a development server or evaluates text', () => {
  const scripts = globSync('out/{main,preload,renderer}/**/*.{js,cjs}')
  expect(scripts.length).toBeGreaterThan(5)
  for (const file of scripts) {
    const text = readFileSync(file, 'utf8')
    expect(text, file).not.toMatch(/localhost:5173|ELECTRON_RENDERER_URL|@vite\/client/)
    if (file.startsWith('out/renderer')) expect(text, file).not.toMatch(/\beval\(/)
  }
})

test('nothing of Node is in the console', () => {
  for (const file of globSync('out/renderer/assets/*.js'))
    expect(
      imports(file).filter((from) => !from.startsWith('.')),
      file,
    ).toEqual([])
})
