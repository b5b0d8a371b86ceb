import { FileText } from 'lucide-react'
import { useLocation } from 'wouter'
import { Mark } from '../frame/mark.tsx'
import { queries, useAnswer } from '../queries/queries.ts'
import { useInfo } from '../queries/status.ts'
import { Button } from '../ui/controls/button.tsx'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { Page } from '../ui/page/page.tsx'
import { Section } from '../ui/page/section.tsx'
import { Spinner } from '../ui/page/spinner.tsx'

/** What this Hookline is made of, and under which licences. */
export function AboutPage() {
  const info = useInfo()
  const [, navigate] = useLocation()
  const { data: shell } = useAnswer(queries.shell.state.queryOptions())
  const notices = useAnswer(queries.shell.notices.queryOptions())
  const versions = shell?.versions ?? (info === null ? [] : [{ name: 'Hookline', version: info.version }])
  const lines = versions.map(({ name, version }) => `${name} ${version}`)
  return (
    <Page
      title="About Hookline"
      isNarrow
      actions={
        <Button icon={FileText} onClick={() => navigate('/log')}>
          Show the log
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <div className="flex items-center gap-4 px-1 py-2">
          <Mark size={56} />
          <div>
            <p className="text-lg font-semibold">Hookline {info?.version}</p>
            <p className="text-ink-soft">Personal automations that run on your own computer and never lose an event.</p>
          </div>
        </div>
        <Section
          title="Versions"
          control={<CopyButton words variant="secondary" label="Copy all" text={lines.join('\n')} />}
        >
          <dl className="grid grid-cols-[160px_minmax(0,1fr)] gap-x-4 gap-y-2">
            {versions.map(({ name, version }) => (
              <div key={name} className="contents">
                <dt className="text-ink-faint">{name}</dt>
                <dd className="font-mono text-sm">{version}</dd>
              </div>
            ))}
          </dl>
        </Section>
        <Section
          title="Licences"
          description="Hookline is free software under the MIT licence. It comes with the work of many others, each under its own."
        >
          {notices.data === null && notices.failure === null && shell === null && <Missing />}
          {notices.data === null && notices.failure === null && shell !== null && <Spinner label="Reading…" />}
          {notices.failure !== null && <Missing />}
          {notices.data !== null && (
            <section
              aria-label="Licences of what comes with Hookline"
              // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
              tabIndex={0}
              className="max-h-[420px] overflow-auto"
            >
              <pre className="font-mono text-xs whitespace-pre-wrap text-ink-soft">{notices.data}</pre>
            </section>
          )}
        </Section>
      </div>
    </Page>
  )
}

function Missing() {
  return (
    <p className="text-ink-soft">
      The list of them comes with the packaged app; here each stands in the folder of its package, under{' '}
      <code className="font-mono text-sm">node_modules</code>.
    </p>
  )
}
