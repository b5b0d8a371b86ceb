import { fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { IsolatedProcess, StartIsolated } from '../../domain/host/adapters.ts'

const PACKAGES = [
  '@jitl/quickjs-wasmfile-release-sync',
  '@jitl/quickjs-ffi-types',
  'quickjs-emscripten-core',
  'luxon',
  'jsonata',
  'liquidjs',
  'zod',
]

/**
 * Starts a Node process that has no environment and, by Node's permission model and unless it is to reach files, may read the program's own files and nothing else: no other
 * files, no programs, no add-ons. What broke out of the interpreter would find itself there.
 */
export const startChild: StartIsolated = (file, on, reach): IsolatedProcess => {
  const child = fork(file, [], {
    // Windows cannot start a program without it.
    env: process.env.SystemRoot === undefined ? {} : { SystemRoot: process.env.SystemRoot },
    execArgv:
      reach === 'files'
        ? ['--max-old-space-size=768']
        : ['--max-old-space-size=256', ...permissions(file, reach === undefined ? [] : [reach.reads])],
    cwd: dirname(file),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  let isOver = false
  const ended = (why: string): void => {
    if (!isOver) on.ended(why)
    isOver = true
  }
  child.on('message', (message: unknown) => on.message(message))
  child.on('error', (error) => ended(error.message))
  child.on('exit', (code, signal) =>
    ended(signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`),
  )
  // It does not keep the host alive.
  child.unref()
  child.channel?.unref()
  return {
    // A failure to send is followed by the end of the process.
    post: (message) => void child.send(message as object, () => undefined), // any value that can be cloned
    kill: () => void child.kill('SIGKILL'),
  }
}

function permissions(file: string, folders: readonly string[]): string[] {
  // Node 22.12 does not have it yet.
  if (!process.allowedNodeEnvironmentFlags.has('--permission')) return []
  const readable = [
    join(ownFolder(file), '*'),
    ...packageFiles(file),
    ...PACKAGES.map(packageFolder),
    ...folders.flatMap((folder) => [folder, join(folder, '*'), ...packageFiles(join(folder, 'x'))]),
  ]
  // One thread of its own looks whether the host is still there.
  return ['--permission', '--allow-worker', ...readable.map((path) => `--allow-fs-read=${path}`)]
}

/** Where the modules of the process are: beside it where it is built, in folders around it among the sources. */
function ownFolder(file: string): string {
  return file.endsWith('.ts') ? dirname(dirname(dirname(file))) : dirname(file)
}

/** Node looks for the package that a module belongs to in every folder above it. */
function packageFiles(file: string): string[] {
  const above = dirname(file)
  return above === file ? [] : [join(above, 'package.json'), ...packageFiles(above)]
}

function packageFolder(name: string): string {
  const main = createRequire(import.meta.url).resolve(name)
  const folder = join('node_modules', name)
  return join(main.slice(0, main.lastIndexOf(folder) + folder.length), '*')
}
