/**
 * The layers of docs/architecture.md. Each line says what a folder may import of our own code, and of the packages only where
 * that matters; everything else is refused. Tests may look anywhere in their own layer and below.
 */
const NOT_TESTS = '\\.(test|spec)\\.tsx?$|/test-[^/]*\\.ts$|\\.double\\.ts$'

const SIGNALS = 'core/signals\\.ts$'

/** `folder` may import the given folders of ours (and itself), and nothing else of ours. */
const only = (name, folder, allowed) => ({
  name,
  severity: 'error',
  comment: `${folder} may import only: ${[folder, ...allowed].join(', ')}`,
  from: { path: `^${folder}`, pathNot: NOT_TESTS },
  to: {
    path: '^(core|electron|headless|renderer|e2e|bench|faults)/',
    pathNot: [folder, ...allowed].map((path) => `^${path}`),
  },
})

/** `folder` may use only these packages, and these modules of Node itself (with `node`, all of them). */
const packages = (name, folder, allowed, { node = false, modules = [] } = {}) => ({
  name,
  severity: 'error',
  from: { path: `^${folder}`, pathNot: NOT_TESTS },
  to: {
    path: node ? 'node_modules' : ['node_modules', '^node:', '^(fs|path|os|crypto|http|net|child_process)$'],
    pathNot: [
      ...allowed.map((name) => `node_modules/(@types/)?${name}/`),
      ...modules.map((name) => `^(node:)?${name}$`),
    ],
    dependencyTypesNot: node ? ['core'] : [],
  },
})

/** A room of the screens may import these rooms of the screens (and itself), and no other. */
const room = (name, allowed) => ({
  name: `room-${name}`,
  severity: 'error',
  from: { path: `^renderer/${name}/`, pathNot: NOT_TESTS },
  to: { path: '^renderer/', pathNot: [name, ...allowed].map((other) => `^renderer/${other}/`) },
})

/** What every screen may use: the look, the host and its answers, what this window keeps, the commands, and what steps are in words. */
const BELOW_SCREENS = ['ui', 'api', 'queries', 'stores', 'commands', 'steps']

module.exports = {
  forbidden: [
    only('domain-is-pure', 'core/domain/', []),
    only('contract-layer', 'core/contract/', ['core/domain/']),
    only('connectors-layer', 'core/connectors/', ['core/domain/']),
    only('db-layer', 'core/db/', ['core/domain/']),
    only('signals-layer', SIGNALS, ['core/domain/', 'core/contract/']),
    only('threads-layer', 'core/threads/', ['core/domain/']),
    only('files-layer', 'core/files/', ['core/domain/', 'core/connectors/', 'core/db/', 'core/threads/']),
    only('engine-layer', 'core/engine/', [
      'core/domain/',
      SIGNALS,
      'core/connectors/',
      'core/db/',
      'core/threads/',
      'core/files/',
    ]),
    only('outbox-layer', 'core/outbox/', ['core/domain/', SIGNALS, 'core/connectors/', 'core/db/', 'core/engine/']),
    only('ingress-layer', 'core/ingress/', [
      'core/domain/',
      SIGNALS,
      'core/connectors/',
      'core/db/',
      'core/threads/',
      'core/files/',
      'core/outbox/',
    ]),
    only('upkeep-layer', 'core/upkeep/', ['core/domain/', SIGNALS, 'core/db/', 'core/engine/', 'core/outbox/']),
    only('tunnel-layer', 'core/tunnel/', ['core/domain/', SIGNALS, 'core/connectors/', 'core/db/']),
    only('fleet-layer', 'core/fleet/', [
      'core/domain/',
      SIGNALS,
      'core/connectors/',
      'core/db/',
      'core/engine/',
      'core/outbox/',
    ]),
    {
      name: 'only-the-outbox-accepts-events',
      severity: 'error',
      comment: 'An event that is stored without waking the queue would lie there: use outbox.accept.',
      from: { pathNot: ['^core/(outbox|engine|db)/', NOT_TESTS, '^core/test-'] },
      to: { path: '^core/db/accept-event\\.ts$' },
    },
    only('api-layer', 'core/api/', ['core/']),
    // The command line is the same, and reaches the app in the same way.
    only('desktop-layer', 'electron/main/', [
      'core/app\\.ts$',
      'core/contract/',
      'package\\.json$',
      'headless/control/control-socket\\.ts$',
      'headless/control/host-file\\.ts$',
      'headless/program\\.ts$',
      'headless/terminal\\.ts$',
    ]),
    only('stand-in-layer', 'electron/stand-in/', ['electron/main/electron\\.double\\.ts$']),
    only('preload-layer', 'electron/preload/', []),
    only('headless-layer', 'headless/', ['core/app\\.ts$', 'core/contract/', 'package\\.json$']),
    only('renderer-layer', 'renderer/', ['core/contract/', 'core/domain/']),
    room('ui', ['commands']),
    room('commands', ['stores', 'ui']),
    room('api', []),
    room('queries', ['api']),
    room('stores', []),
    room('steps', ['ui']),
    room('draft', BELOW_SCREENS),
    room('canvas', [...BELOW_SCREENS, 'draft', 'credentials', 'permissions']),
    room('inspector', [...BELOW_SCREENS, 'draft', 'output', 'credentials', 'files', 'memory', 'permissions']),
    only('e2e-layer', 'e2e/', ['core/contract/', 'core/domain/', 'electron/stand-in/electron\\.ts$']),
    only('bench-layer', 'bench/', [
      'core/contract/',
      'core/fleet/kafka/share-out.ts$',
      'core/test-servers.ts$',
      'e2e/fixtures/',
    ]),
    only('faults-layer', 'faults/', ['core/contract/', 'core/domain/', 'core/test-servers.ts$', 'e2e/fixtures/']),
    packages('domain-packages', 'core/domain/', ['zod', 'liquidjs', 'ulid', 'croner']),
    packages('contract-packages', 'core/contract/', ['zod', '@orpc/contract']),
    // Of Node only what computes, and touches nothing.
    packages(
      'connector-packages',
      'core/connectors/',
      [
        'zod',
        'better-sqlite3',
        'cheerio',
        'csv-parse',
        'yaml',
        'csv-stringify',
        'domhandler',
        'fast-xml-parser',
        'feedsmith',
        'html-to-text',
        'imapflow',
        'luxon',
        'marked',
        'mqtt-packet',
        'mysql2',
        'nodemailer',
        'pg',
        'postal-mime',
        're2js',
        'read-excel-file',
        'sanitize-html',
        'ssh2',
        'turndown',
        'ulid',
        'unpdf',
        'write-excel-file',
        'ws',
        'yauzl',
        'yazl',
      ],
      // TLS is spoken over connections that were opened for a step.
      { modules: ['crypto', 'stream', 'tls'] },
    ),
    packages('db-packages', 'core/db/', ['knex', 'better-sqlite3', 'zod'], { node: true }),
    packages('nats-packages', 'core/fleet/nats/', ['@nats-io/jetstream', '@nats-io/transport-node'], { node: true }),
    packages('kafka-packages', 'core/fleet/kafka/', ['@platformatic/kafka'], { node: true }),
    packages('preload-packages', 'electron/preload/', ['electron']),
    {
      name: 'only-electron-knows-electron',
      severity: 'error',
      from: { pathNot: '^electron/' },
      to: { path: 'node_modules/electron/' },
    },
    {
      name: 'http-without-fetch',
      severity: 'error',
      comment:
        'To import it reads all that it exports, and so loads the whole of fetch: 60 ms and 2 MB. Use process.getBuiltinModule, and import types.',
      from: { path: '^(core|headless|electron/main)/', pathNot: [NOT_TESTS, '(^|/)(test-|.*\\.double\\.)'] },
      to: { path: '^(node:)?http$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-react-in-core',
      severity: 'error',
      from: { path: '^(core|headless|electron)/' },
      to: { path: 'node_modules/(react|react-dom|@xyflow|zustand)/' },
    },
    {
      // Circles of types too: whoever reads one file of such a circle has to read all of them.
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-cycles-in-screens',
      severity: 'error',
      comment: 'Not even of types: what two files need belongs below both.',
      from: { path: '^renderer/' },
      to: { circular: true },
    },
    {
      name: 'resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(electron|vite/client)$|\\.css$|^@fontsource' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
