import { existsSync } from 'node:fs'
import { Arch, build, Platform, type Configuration } from 'electron-builder'

/** What every package is made by. Nothing is in it but what runs: the bundles, what they import, and the company's resources beside them. */
const packaging: Configuration = {
  // Where newer versions are looked for: over https, with signatures (`src/main/updates.ts`). Absent: nowhere.
  ...(process.env.GRUPPNUMMER_UPDATES !== undefined && {
    publish: { provider: 'generic' as const, url: process.env.GRUPPNUMMER_UPDATES },
  }),
  appId: 'se.gruppnummer.desktop',
  productName: 'Gruppnummer',
  copyright: 'The Gruppnummer contributors',
  directories: { output: 'release', buildResources: 'resources/icons' },
  files: [
    'out/**',
    '!out/**/*.map',
    'package.json',
    // The command line's own Node, and what only people read.
    '!node_modules/{node,node-bin-*,.bin,.cache}/**',
    '!node_modules/**/{README,CHANGELOG,HISTORY,SECURITY,CONTRIBUTING}*',
    '!node_modules/**/{test,tests,__tests__,docs,examples,benchmark,benchmarks,.github}/**',
    '!node_modules/**/*.{md,ts,mts,cts,map,tsbuildinfo}',
  ],
  // As files: the example company is copied whole, and sounds are read by path.
  extraResources: [{ from: 'resources', to: 'resources' }],
  // Debian's packages must name a page and a person: whoever hands the program out sets their own.
  extraMetadata: {
    homepage: process.env.GRUPPNUMMER_HOMEPAGE ?? 'https://gruppnummer.example',
    author: { name: 'Gruppnummer', email: process.env.GRUPPNUMMER_MAINTAINER ?? 'maintainer@gruppnummer.example' },
  },
  asar: true,
  asarUnpack: ['**/*.node'],
  npmRebuild: false,
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  },
  protocols: [{ name: 'Telephone number', schemes: ['tel', 'callto'] }],
  linux: { target: ['AppImage', 'deb'], category: 'Network;Telephony', executableName: 'gruppnummer' },
  deb: {
    depends: [
      'libgtk-3-0',
      'libnotify4',
      'libnss3',
      'libxss1',
      'libxtst6',
      'xdg-utils',
      'libatspi2.0-0',
      'libuuid1',
      'libsecret-1-0',
    ],
  },
  win: { target: ['nsis'] },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
  mac: {
    target: ['dmg'],
    category: 'public.app-category.business',
    hardenedRuntime: true,
    extendInfo: { NSMicrophoneUsageDescription: 'So that callers hear you.' },
  },
}

export interface PackageWanted {
  /** Electron's distribution, unpacked; absent: that of the package `electron`, or fetched. */
  readonly distribution?: string
  /** Where it is put. @default release */
  readonly output?: string
  /** The program's directory alone, without an installer around it. */
  readonly bare?: boolean
}

const installed = 'node_modules/electron/dist'

/** Packs the built program for this machine's kind of system; resolves with what was made. */
export function packProgram({ distribution, output, bare = false }: PackageWanted): Promise<string[]> {
  const electronDist = distribution ?? (existsSync(installed) ? installed : undefined)
  const platform = Platform.current()
  return build({
    publish: 'never',
    targets: bare ? platform.createTarget('dir', Arch.x64) : platform.createTarget(),
    config: {
      // The packager changes what it is given.
      ...structuredClone(packaging),
      ...(electronDist !== undefined && { electronDist }),
      ...(output !== undefined && { directories: { ...packaging.directories, output } }),
    },
  })
}
