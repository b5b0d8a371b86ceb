import type { Command } from 'commander'
import { answer, CommandError } from './context.ts'

/** `hookline curl`. */
export function addCurlCommand(program: Command, add: (command: Command) => Command): void {
  add(program.command('curl'))
    .description('show the HTTP step that does what a curl command does; nothing is sent or stored')
    .argument('<line>', 'the whole command in quotes, as bash, the command prompt or PowerShell takes it')
    .action((line: string, _options, command: Command) =>
      answer(command, async () => {
        const { curlStep } = await import('../../core/contract/curl.ts')
        const made = curlStep(line) ?? curlStep(`curl ${line}`)
        if (made === null)
          throw new CommandError(
            'There is no curl command in that: give the whole of it in quotes, such as "curl https://example.com".',
          )
        const { step, problems } = made
        // The secrets stay in the line.
        const credentials = made.credentials.map(({ name, type }) => ({ name, type }))
        return {
          json: { step, credentials, problems },
          text: [
            ...JSON.stringify(step, null, 2).split('\n'),
            ...credentials.map(
              ({ name, type }) =>
                `It needs the credential "${name}": hookline credential set ${name} --type ${type} --stdin`,
            ),
            ...problems,
          ],
        }
      }),
    )
}
