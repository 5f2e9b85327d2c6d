/** The import table of the house (README, "The house"): which folder may use which. */
const mayUse = {
  core: ['core'],
  contract: ['core', 'contract'],
  service: ['core', 'contract', 'service'],
  'switch/embedded': ['core', 'contract', 'switch/embedded'],
  'switch/asterisk': ['core', 'contract', 'switch/asterisk'],
  'switch/scripted': ['core', 'contract', 'switch/scripted'],
  cli: ['core', 'contract', 'service', 'switch', 'cli'],
  main: ['core', 'contract', 'service', 'switch', 'cli', 'main'],
  preload: ['core', 'contract', 'preload'],
  renderer: ['core', 'contract', 'renderer'],
}

/** The files for an Asterisk server are data that the command writes; the engine itself is not named by them. */
const concrete = '^src/(switch/(?!asterisk/server/)[^/]+/|service/(store|journal|accounts)/open-)'

export default {
  forbidden: [
    ...Object.entries(mayUse).map(([folder, allowed]) => ({
      name: `${folder.replace('/', '-')}-uses-only-${allowed.join('-').replaceAll('/', '-')}`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: `^src/(${allowed.join('|')})/` },
    })),
    {
      name: 'core-is-pure',
      severity: 'error',
      from: { path: '^src/core/', pathNot: '^src/core/configuration/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'core-configuration-uses-only-zod',
      severity: 'error',
      from: { path: '^src/core/configuration/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/zod/' },
    },
    {
      name: 'contract-uses-only-zod',
      severity: 'error',
      from: { path: '^src/contract/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/zod/' },
    },
    {
      name: 'only-the-two-starts-name-concrete-parts',
      comment:
        'Only cli/serve.ts and main/index.ts name an engine or a store; every other module is handed what it uses.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          '^src/cli/serve\\.ts$',
          '^src/main/index\\.ts$',
          '^src/switch/',
          '^src/service/(store|journal|accounts)/',
        ],
      },
      to: { path: concrete },
    },
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^src/renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'electron-stays-in-main-and-preload',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main|preload)/' },
      to: { path: '(^|node_modules/)electron(/|$)' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'src-never-uses-test', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.test.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.vue', '.js', '.mjs', '.d.ts'] },
  },
}
