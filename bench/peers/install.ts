import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { own, within } from '../owned-processes.ts'

const TWENTY_MINUTES = 1_200_000
/** A registry may lack a package that the newest version of a peer needs. */
const ATTEMPTS = 4

/** The folder that a peer is installed into; git ignores it. */
export const peerFolder = (name: string): string => join(import.meta.dirname, '..', '.peers', name)

async function npm(args: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = own(spawn('npm', args, { stdio: ['ignore', 'pipe', 'inherit'] }))
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    output += chunk
  })
  const [code] = await within(TWENTY_MINUTES, `npm ${args.join(' ')}`, once(child, 'close'))
  return { code, output }
}

/**
 * Installs a package into its own folder: the newest of its versions of which everything is to be had. With `natives`, only
 * these packages are compiled: n8n brings some that it needs for a few of its nodes, and that compile for minutes or not at all.
 */
export async function installNewest(name: string, natives?: readonly string[]): Promise<void> {
  const folder = peerFolder(name)
  const { output } = await npm(['view', name, 'versions', '--json'])
  const released = z
    .array(z.string())
    .parse(JSON.parse(output))
    .filter((version) => /^\d+\.\d+\.\d+$/.test(version))
  for (const version of released.reverse().slice(0, ATTEMPTS)) {
    console.error(`installing ${name} ${version} into ${folder}; this takes minutes …`)
    if (await install(folder, `${name}@${version}`, natives)) return
    // Half of it must not be taken for all of it.
    await rm(folder, { recursive: true, force: true })
  }
  throw new Error(`none of the ${ATTEMPTS} newest versions of ${name} could be installed`)
}

async function install(folder: string, spec: string, natives: readonly string[] | undefined): Promise<boolean> {
  await mkdir(folder, { recursive: true })
  const options = ['--prefix', folder, '--no-audit', '--no-fund', '--loglevel', 'error']
  const scripts = natives === undefined ? [] : ['--ignore-scripts']
  const installed = await npm(['install', ...options, ...scripts, spec])
  if (installed.code !== 0 || natives === undefined) return installed.code === 0
  return (await npm(['rebuild', ...options, ...natives])).code === 0
}
