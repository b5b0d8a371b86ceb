import type { CredentialTypeInfo } from '../../core/contract/values.ts'
import { CopyButton } from '../ui/controls/copy-button.tsx'

/** The screens' own address, where a browser may come back to it after a sign-in: a host without a window serves them there. */
export const ownOrigin = (): string | null => (/^https?:$/.test(location.protocol) ? location.origin : null)

/** Where a service sends a browser back to after a sign-in with this type; null where no person signs in with a browser. */
export function redirectOf({ redirect }: Pick<CredentialTypeInfo, 'redirect'>): string | null {
  if (redirect === undefined) return null
  const origin = ownOrigin()
  return redirect.isOnly || origin === null ? redirect.address : `${origin}${new URL(redirect.address).pathname}`
}

/** That address, to be copied into the page of the service. */
export function RedirectAddress({ address }: { address: string }) {
  return (
    <span className="mt-1 flex items-center justify-between gap-2 rounded border border-line bg-surface py-0.5 pr-0.5 pl-2">
      <code className="min-w-0 font-mono text-xs break-all text-ink select-all">{address}</code>
      <CopyButton text={address} label="Copy the redirect address" />
    </span>
  )
}
