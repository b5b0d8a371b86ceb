import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { own, within } from '../owned-processes.ts'

const TEN_MINUTES = 600_000

/** The folder that a peer is installed into; git ignores it. */
export const peerFolder = (name: string): string => join(import.meta.dirname, '..', '.peers', name)

/** Installs the newest version of an npm package into its own folder. */
export async function installPeer(name: string): Promise<void> {
  const folder = peerFolder(name)
  await mkdir(folder, { recursive: true })
  console.error(`installing ${name} into ${folder} …`)
  const npm = own(
    spawn('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', name], { stdio: ['ignore', 2, 2] }),
  )
  const [code] = await within(TEN_MINUTES, `npm to install ${name}`, once(npm, 'close'))
  if (code !== 0) throw new Error(`npm install ${name} ended with ${code}`)
}
