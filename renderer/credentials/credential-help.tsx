import { ExternalLink } from 'lucide-react'
import type { CredentialTypeInfo } from '../../core/contract/values.ts'
import { RedirectAddress } from './redirect-address.tsx'

/** How a person gets at a service what the form asks for, step by step. */
export function CredentialHelp({
  help: { title, steps },
  redirect,
}: {
  help: NonNullable<CredentialTypeInfo['help']>
  /** Shown with the step at which it is entered. */
  redirect: string | null
}) {
  return (
    <aside aria-label={title} className="min-w-0 rounded border border-line bg-sunken p-4">
      <h3 className="text-base font-semibold text-ink">{title}</h3>
      <ol className="mt-3 flex flex-col gap-3">
        {steps.map((step, at) => (
          <li key={step.title} className="flex gap-2.5">
            <span
              aria-hidden
              className="flex size-5 shrink-0 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent"
            >
              {at + 1}
            </span>
            <div className="min-w-0">
              <p className="font-medium text-ink">{step.title}</p>
              {step.text !== undefined && <p className="text-sm break-words text-ink-soft">{step.text}</p>}
              {step.showsRedirect === true && redirect !== null && <RedirectAddress address={redirect} />}
              {step.link !== undefined && (
                <a
                  href={step.link.url}
                  target="_blank"
                  rel="noreferrer"
                  className="inline-flex items-center gap-1 text-sm font-medium text-accent"
                >
                  {step.link.title}
                  <ExternalLink size={12} aria-hidden />
                </a>
              )}
            </div>
          </li>
        ))}
      </ol>
    </aside>
  )
}
