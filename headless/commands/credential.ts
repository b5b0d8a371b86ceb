import { type Command, InvalidArgumentError } from 'commander'
import { credentialTypeSchema } from '../../core/contract/values.ts'
import { printAside } from '../terminal.ts'
import { askHost, CommandError, table } from './context.ts'
import { readStdin } from './json-input.ts'

/** What a list says in place of the account where a sign-in is not good. */
const SIGN_IN_WORDS: Readonly<Record<string, string>> = {
  never: 'not signed in',
  withdrawn: 'connect again',
  unreadable: 'cannot be read here',
}

export function addCredentialCommands(program: Command, add: (command: Command) => Command): void {
  const credential = program.command('credential').description('keep the secrets that zaps refer to by name')

  add(credential.command('set'))
    .description('create or replace a credential; its secret is read from stdin')
    .argument('<name>')
    .option('--stdin', 'read the secret from stdin, one final line break removed')
    .option(
      '--type <type>',
      'secret, bearer, basic ("user:password"), header ("Name: value"), or another that "credential types" lists, whose secret is JSON',
      readType,
      'secret',
    )
    .option('--host <host...>', 'send it to these hosts alone: api.example.com, *.example.com, 127.0.0.1:8080')
    .action((name: string, options: { stdin?: boolean; type: string; host?: string[] }, command: Command) =>
      askHost(command, async (client) => {
        if (options.stdin !== true && process.stdin.isTTY) {
          printAside('Type the secret, then Enter and Ctrl+D:')
        }
        const secret = (await readStdin('The secret on stdin')).replace(/\r?\n$/, '')
        if (secret === '') throw new CommandError('The secret is empty: give it on stdin.')
        const hosts = options.host === undefined ? {} : { hosts: options.host }
        const saved = await client.credentials.set({ name, type: options.type, secret, ...hosts })
        return { json: { credential: saved }, text: `Saved ${saved.name} (${saved.type}).` }
      }),
    )

  add(credential.command('types'))
    .description('list the types of credential, and what each of them holds')
    .action((_options, command: Command) =>
      askHost(command, async (client) => {
        const types = await client.credentials.types()
        const rows = types.map(({ id, title, fields, bare }) => [
          id,
          title,
          bare?.help ?? `JSON: ${fields.map(({ name, isOptional }) => (isOptional ? `${name}?` : name)).join(', ')}`,
        ])
        return { json: { types }, text: table([['TYPE', 'TITLE', 'SECRET'], ...rows]) }
      }),
    )

  add(credential.command('list'))
    .description('list credentials, never their secrets')
    .action((_options, command: Command) =>
      askHost(command, async (client) => {
        const credentials = await client.credentials.list()
        const rows = credentials.map(({ name, title, type, updatedAt, hosts, usedBy, account, signIn }) => [
          title === name ? name : `${name} (${title})`,
          type,
          SIGN_IN_WORDS[signIn ?? 'good'] ?? account ?? '',
          updatedAt,
          hostsText(hosts),
          usedBy.join(', '),
        ])
        return {
          json: { credentials },
          text:
            rows.length === 0
              ? 'There are no credentials yet.'
              : table([['NAME', 'TYPE', 'ACCOUNT', 'SAVED', 'GOES TO', 'USED BY'], ...rows]),
        }
      }),
    )

  add(credential.command('rename'))
    .description('call a credential something else on the screens; zaps go on to refer to it by its name')
    .argument('<name>')
    .argument('[title]', 'its name again, when absent')
    .action((name: string, title: string | undefined, _options, command: Command) =>
      askHost(command, async (client) => {
        const saved = await client.credentials.rename({ name, title: title ?? null })
        return { json: { credential: saved }, text: `${name} is called "${saved.title}" now.` }
      }),
    )

  add(credential.command('hosts'))
    .description('say to which hosts a credential may go; without any, to all')
    .argument('<name>')
    .argument('[host...]', 'api.example.com, *.example.com, 127.0.0.1:8080')
    .action((name: string, hosts: string[], _options, command: Command) =>
      askHost(command, async (client) => {
        const saved = await client.credentials.setHosts({ name, hosts: hosts.length === 0 ? null : hosts })
        return { json: { credential: saved }, text: `${name} may go to ${hostsText(saved.hosts)}.` }
      }),
    )

  add(credential.command('test'))
    .description('ask the service whether it takes a credential; nothing is changed there')
    .argument('<name>')
    .option('--url <address>', 'send it to this address with a GET, where it is for no service in particular')
    .action((name: string, options: { url?: string }, command: Command) =>
      askHost(command, async (client) => {
        const { url } = options
        const result = await client.credentials.test({ name, ...(url === undefined ? {} : { url }) })
        return { json: result, text: result.message, isFailure: !result.ok }
      }),
    )

  add(credential.command('connect'))
    .description('sign in at the service of a credential of OAuth: with a browser here, or by a code on another device')
    .argument('<name>')
    .option('--device', 'show a code that is typed on another device, where the service has that')
    .option('--address', 'read the address that the browser ended at from stdin, where it cannot come back by itself')
    .action((name: string, options: { device?: boolean; address?: boolean }, command: Command) =>
      askHost(command, async (client) => {
        const begun = await client.credentials.signIn.begin({
          name,
          by: options.device === true ? 'device' : 'browser',
        })
        const { id, url, userCode } = begun
        printAside(
          userCode === null
            ? `Open this address in a browser, and agree there:\n  ${url}`
            : `Open ${url} on any device, and type this code there: ${userCode}`,
        )
        let { end } = begun
        if (options.address === true) {
          printAside('Then paste the address that the browser ended at, and press Enter and Ctrl+D:')
          const address = await readStdin('The address on stdin')
          end = (await client.credentials.signIn.paste({ id, address })).end
        }
        while (end === null) end = (await client.credentials.signIn.get({ id, waitMs: 20_000 })).end
        if (!end.ok) return { json: end, text: end.message, isFailure: true }
        const as = end.account === null ? '' : ` as ${end.account}`
        const missing = end.missing.length === 0 ? '' : ` Not allowed: ${end.missing.join(', ')}.`
        return { json: end, text: `${name} is signed in${as}.${missing}` }
      }),
    )

  add(credential.command('delete'))
    .description('delete a credential')
    .argument('<name>')
    .action((name: string, _options, command: Command) =>
      askHost(command, async (client) => {
        await client.credentials.remove({ name })
        return { json: { ok: true, name }, text: `Deleted ${name}.` }
      }),
    )
}

const hostsText = (hosts: readonly string[] | null): string => hosts?.join(', ') ?? 'any host'

function readType(text: string): string {
  const parsed = credentialTypeSchema.safeParse(text)
  if (!parsed.success) throw new InvalidArgumentError('See "hookline credential types" for those that there are.')
  return parsed.data
}
