import type { Command } from 'commander'
import { openBrowser } from '../open-browser.ts'
import { askHost, commonOptions, table } from './context.ts'

/** `hookline open`, `hookline session …` and `hookline token rotate`: which browsers may control the host. */
export function addSessionCommands(program: Command, add: (command: Command) => Command): void {
  add(program.command('open'))
    .description('open the screens of the running host in a browser, with a fresh address (good once, for ten minutes)')
    .option('--print', 'only print the address')
    .action((options: { print?: boolean }, command: Command) =>
      askHost(command, async (client) => {
        const fresh = await client.sessions.openAddress()
        const isOpened = options.print !== true && !commonOptions(command).isJson && openBrowser(fresh.ui)
        return { json: fresh, text: isOpened ? `Opened ${fresh.ui}` : fresh.ui }
      }),
    )

  const session = program.command('session').description('list and end the sessions of browsers that show the screens')

  add(session.command('list'))
    .description('list the browsers that may control this host')
    .action((_options, command: Command) =>
      askHost(command, async (client) => {
        const sessions = await client.sessions.list()
        const rows = sessions.map(({ id, browser, openedAt, lastSeenAt, screens }) => [
          id,
          browser,
          openedAt,
          screens === 0 ? lastSeenAt : 'now',
        ])
        const text =
          rows.length === 0
            ? 'No browser has a session: "hookline open" opens one.'
            : table([['ID', 'BROWSER', 'OPENED', 'LAST SEEN'], ...rows])
        return { json: { sessions }, text }
      }),
    )

  add(session.command('end'))
    .description('end the session of a browser: its screens are cut off at once')
    .argument('<id>')
    .action((id: string, _options, command: Command) =>
      askHost(command, async (client) => {
        await client.sessions.end({ id })
        return { json: { ok: true, id }, text: `Ended ${id}.` }
      }),
    )

  add(program.command('token').description('the keys of the screens').command('rotate'))
    .description('end all sessions, void all addresses that were not opened yet, and make the host a new key')
    .action((_options, command: Command) =>
      askHost(command, async (client) => {
        const { sessions, addresses } = await client.sessions.rotate()
        const text = [
          `Ended ${sessions} ${sessions === 1 ? 'session' : 'sessions'} and voided ${addresses} unopened ${addresses === 1 ? 'address' : 'addresses'}.`,
          'The host has a new key. "hookline open" opens the screens again.',
        ]
        return { json: { sessions, addresses }, text }
      }),
    )
}
