import type { TunnelStatus } from '../../core/contract/values.ts'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { TUNNEL_LOOKS } from './tunnel-looks.ts'

/** How the tunnel is, in words: its address and when something last came through, or why it is down and what to do. */
export function TunnelReport({ tunnel }: { tunnel: TunnelStatus }) {
  const { icon: Icon, hue, word, spins } = TUNNEL_LOOKS[tunnel.state]
  return (
    <div
      role="status"
      className={classNames(
        'flex items-start gap-2.5 rounded border px-3 py-2.5',
        tunnel.state === 'down' ? 'border-error/30 bg-error-soft' : 'border-line bg-sunken',
      )}
    >
      <Icon size={16} aria-hidden className={classNames('mt-0.5 shrink-0', hue, spins && 'animate-spin')} />
      <div className="min-w-0 flex-1">
        {tunnel.state === 'open' && tunnel.url !== null ? (
          <>
            <p className="flex items-center gap-1.5">
              <code className="min-w-0 truncate font-mono text-sm select-all">{tunnel.url}</code>
              <CopyButton text={tunnel.url} label="Copy the public address" />
            </p>
            {tunnel.checkedAt !== null && (
              <p className="text-sm text-ink-faint">
                What is sent there arrives here: looked <RelativeTime iso={tunnel.checkedAt} />
                {tunnel.since !== null && (
                  <>
                    , opened <RelativeTime iso={tunnel.since} />
                  </>
                )}
              </p>
            )}
          </>
        ) : (
          <p className="break-words">{tunnel.state === 'down' ? tunnel.why : `${word}…`}</p>
        )}
        {tunnel.retryAt !== null && (
          <p className="text-sm text-ink-faint">
            Tried again <RelativeTime iso={tunnel.retryAt} due />. Meanwhile senders get no answer, and most try again.
          </p>
        )}
      </div>
    </div>
  )
}
