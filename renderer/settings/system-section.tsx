import { CircleCheck, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { SystemInfo } from '../../core/contract/values.ts'
import { useInfo } from '../queries/status.ts'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { Section } from '../ui/page/section.tsx'
import { Spinner } from '../ui/page/spinner.tsx'

const PROTECTION: Readonly<Record<SystemInfo['secretProtection'], { words: string; isWeak: boolean }>> = {
  keychain: { words: "By the system's keychain", isWeak: false },
  'key-file': { words: 'By a key file beside the data', isWeak: false },
  locked: { words: 'By the system’s keychain, which was locked: credentials wait until it is unlocked', isWeak: true },
  weak: { words: 'Hardly: this system offers no keychain', isWeak: true },
}

export function SystemSection() {
  const info = useInfo()
  return (
    <Section
      title="This installation"
      {...(info === null
        ? {}
        : { control: <CopyButton words variant="secondary" label="Copy all" text={JSON.stringify(info, null, 2)} /> })}
    >
      {info === null ? (
        <Spinner label="Asking the host…" />
      ) : (
        <dl className="grid grid-cols-[160px_minmax(0,1fr)] gap-x-4 gap-y-2">
          <Fact name="Version">
            {info.version} ({info.host === 'desktop' ? 'desktop app' : 'headless host'})
          </Fact>
          <Fact name="Webhooks arrive at">
            <Path>{info.hooksUrl}</Path>
          </Fact>
          <Fact name="Data folder">
            <Path>{info.dataDir}</Path>
          </Fact>
          <Fact name="Secrets are protected">
            <Protection of={info.secretProtection} />
          </Fact>
          <Fact name="Time zone">{info.timezone}</Fact>
          <Fact name="More">
            <Link href="/about" className="rounded-sm font-medium text-accent hover:underline">
              About Hookline
            </Link>
            {' · '}
            <Link href="/log" className="rounded-sm font-medium text-accent hover:underline">
              Log
            </Link>
          </Fact>
        </dl>
      )}
    </Section>
  )
}

function Protection({ of }: { of: SystemInfo['secretProtection'] }) {
  const { words, isWeak } = PROTECTION[of]
  const Icon = isWeak ? TriangleAlert : CircleCheck
  return (
    <span className="inline-flex items-center gap-1.5">
      <Icon size={14} aria-hidden className={isWeak ? 'text-waiting' : 'text-success'} />
      {words}
    </span>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  )
}

function Path({ children }: { children: string }) {
  return <code className="block font-mono text-sm break-all">{children}</code>
}
