import { spawnSync } from 'node:child_process'
import { existsSync, globSync, statSync } from 'node:fs'

interface Product {
  readonly name: string
  readonly command: readonly string[]
  /** Exists once it is built; older than any of `from`: built anew. */
  readonly made: string
  readonly from: readonly string[]
}

const shared = ['src/core/**', 'src/contract/**', 'package.json']

const console_: Product = {
  name: 'console',
  command: ['vite', 'build', '--logLevel', 'warn'],
  made: 'out/renderer/index.html',
  from: [...shared, 'src/renderer/**', 'vite.config.ts'],
}

const desktop: Product = {
  name: 'desktop program',
  command: ['electron-vite', 'build', '--logLevel', 'warn'],
  made: 'out/main/index.js',
  from: [...shared, 'src/main/**', 'src/preload/**', 'src/service/**', 'src/switch/**', 'electron.vite.config.ts'],
}

/** The console in any state of a call, for tests and for whoever looks; in no package. */
const gallery: Product = {
  name: 'gallery',
  command: ['vite', 'build', '--config', 'test/gallery/vite.config.ts', '--logLevel', 'warn'],
  made: '.cache/gallery/index.html',
  from: [...console_.from, 'test/gallery/**', 'test/renderer/support/**'],
}

/** Builds what is missing or older than its source; false where a build failed. */
export function build(products: readonly Product[] = [console_, desktop]) {
  return products.filter((product) => !isCurrent(product)).every(make)
}

export const buildConsole = () => build([console_])
export const buildGallery = () => build([gallery])

function make({ name, command }: Product) {
  const [program = '', ...given] = command
  console.log(`Building the ${name}`)
  const { status } = spawnSync(program, given, {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (status !== 0) console.log(`The ${name} could not be built: run \`npx ${command.join(' ')}\` to see why.`)
  return status === 0
}

function isCurrent({ made, from }: Product) {
  if (!existsSync(made)) return false
  const madeAt = statSync(made).mtimeMs
  return globSync([...from]).every((file) => statSync(file).mtimeMs <= madeAt)
}

if (import.meta.main) process.exitCode = build() ? 0 : 1
