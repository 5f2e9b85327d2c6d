import { policies } from '../service/http/policies.ts'

/** The console's pages and what they may do, as the desktop program serves them under `app://gruppnummer`. */

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  wav: 'audio/wav',
  woff2: 'font/woff2',
}

export interface PageFile {
  /** Under the built console's directory, with `/` between folders. */
  readonly file: string
  readonly type: string
}

/**
 * The file that a path of the console's origin stands for; undefined: none. A path of no file is its first page, as the
 * service answers too. Only names that the build makes are known, so no path leads out of its directory.
 */
export function pageFile(path: string): PageFile | undefined {
  const [, file, ending = ''] = /^\/((?:assets\/)?[\w-]+(?:\.[\w-]+)*\.(\w+))$/.exec(path) ?? []
  const type = types[ending]
  if (file !== undefined) return type === undefined ? undefined : { file, type }
  return /^\/[\w/-]*$/.test(path) ? { file: 'index.html', type: types.html ?? '' } : undefined
}

/** Of every page: as the service's own, and sockets to the service at `service`, such as `http://127.0.0.1:8330`. */
export function pagePolicy(service: string): string {
  const { directives } = policies(false).contentSecurityPolicy
  const sockets = service.replace(/^http/, 'ws')
  return Object.entries({ ...directives, connectSrc: [...directives.connectSrc, sockets] })
    .map(([name, values]) => [name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), ...values].join(' '))
    .join(';')
}
