// `npm run sdk`: packs what connectors of one's own import as a package of its own, for editors that know its types and for tests without Hookline.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { z } from 'zod'

const root = join(import.meta.dirname, '..')
const manifestSchema = z.object({
  version: z.string(),
  license: z.string(),
  homepage: z.string(),
  engines: z.object({ node: z.string() }),
  dependencies: z.record(z.string(), z.string()),
})

/** What its modules or their types import. */
const PACKAGES = ['zod', 'liquidjs']

/**
 * Makes the package `@hookline/sdk` of this Hookline's version in a folder, and packs it for npm beside it: two modules, their types, and a README.
 * Returns the path of the archive.
 */
export async function packSdk(into: string): Promise<string> {
  const folder = join(into, 'sdk')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    build: {
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      target: 'node22',
      lib: {
        entry: { index: join(root, 'core/own/sdk.ts'), test: join(root, 'core/own/sdk-test.ts') },
        formats: ['es'],
      },
      rollupOptions: { external: [...PACKAGES, /^node:/] },
    },
  })
  const options = [
    '--ignoreConfig',
    '--declaration',
    '--emitDeclarationOnly',
    '--strict',
    '--skipLibCheck',
    ...['--target', 'es2024', '--lib', 'es2025,esnext.disposable', '--types', 'node'],
    ...['--module', 'nodenext', '--moduleResolution', 'nodenext'],
    ...['--allowImportingTsExtensions', '--rewriteRelativeImportExtensions'],
    ...['--rootDir', 'core', '--outDir', join(folder, 'types')],
  ]
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  execFileSync(process.execPath, [compiler, ...options, 'core/own/sdk.ts', 'core/own/sdk-test.ts'], { cwd: root })
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(packageFile(), null, 2)}\n`)
  cpSync(join(root, 'docs', 'writing-a-connector.md'), join(folder, 'README.md'))
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const packed = execFileSync(npm, ['pack', '--json', '--ignore-scripts', '--pack-destination', into, folder], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const [made] = z.array(z.object({ filename: z.string() })).parse(JSON.parse(packed))
  if (made === undefined) throw new Error('npm packed nothing')
  return join(into, made.filename)
}

function packageFile() {
  const { version, license, homepage, engines, dependencies } = manifestSchema.parse(
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
  )
  const entry = (name: string, source: string) => ({ types: `./types/own/${source}.d.ts`, default: `./${name}.js` })
  return {
    name: '@hookline/sdk',
    version,
    description: 'Types and test kit for connectors of Hookline',
    license,
    homepage,
    type: 'module',
    engines,
    exports: { '.': entry('index', 'sdk'), './test': entry('test', 'sdk-test') },
    dependencies: Object.fromEntries(PACKAGES.map((name) => [name, dependencies[name]])),
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const archive = await packSdk(join(root, 'dist'))
  console.log(`${archive} (npm publish ${archive} publishes it)`)
}
