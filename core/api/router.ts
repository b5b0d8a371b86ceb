import { createRouterClient } from '@orpc/server'
import type { Json } from '../domain/values/json.ts'
import { approvalProcedures } from './approvals.ts'
import { appProcedures } from './apps.ts'
import { backupProcedures } from './backups.ts'
import { bulkProcedures } from './bulk.ts'
import { codeProcedures } from './check-code.ts'
import { connectorProcedures } from './connectors.ts'
import { credentialProcedures } from './credentials.ts'
import { fileProcedures } from './files.ts'
import { fleetProcedures } from './fleet.ts'
import { historyProcedures } from './history.ts'
import { inboxProcedures } from './inbox.ts'
import { incidentProcedures } from './incidents.ts'
import { keptValueProcedures } from './kept-values.ts'
import { outboxProcedures } from './outbox.ts'
import { pagePreviewProcedures } from './page-preview.ts'
import { createRunCommands } from './run-commands.ts'
import { runProcedures } from './runs.ts'
import { type ApiServices, procedures } from './services.ts'
import { sessionProcedures } from './sessions.ts'
import { settingProcedures } from './settings.ts'
import { shellProcedures } from './shell.ts'
import { systemProcedures } from './system.ts'
import { tableProcedures } from './tables.ts'
import { throughputProcedures } from './throughput.ts'
import { tunnelProcedures } from './tunnel.ts'
import { zapPermissionProcedures } from './zap-permissions.ts'
import { zapPinProcedures } from './zap-pins.ts'
import { zapPollProcedures } from './zap-polls.ts'
import { zapRehearsalProcedures } from './zap-rehearsal.ts'
import { zapRunProcedures } from './zap-runs.ts'
import { zapTestProcedures } from './zap-tests.ts'
import { zapVersionProcedures } from './zap-versions.ts'
import { zapProcedures } from './zaps.ts'

/** The whole contract, implemented. Hosts put it behind a transport. */
export function createRouter(services: ApiServices) {
  const commands = createRunCommands(services)
  return procedures.router({
    system: systemProcedures(services),
    events: { watch: procedures.events.watch.handler(({ input, signal }) => services.bus.subscribe(signal, input)) },
    connectors: connectorProcedures(services),
    code: codeProcedures(services),
    zaps: {
      ...zapProcedures(services),
      ...zapRunProcedures(services),
      ...zapVersionProcedures(services),
      ...zapTestProcedures(services),
      ...zapRehearsalProcedures(services),
      ...pagePreviewProcedures(),
      ...zapPinProcedures(services),
      ...zapPollProcedures(services),
      ...zapPermissionProcedures(services),
    },
    runs: runProcedures(services, commands),
    approvals: approvalProcedures(services),
    bulk: bulkProcedures(services, commands),
    outbox: { ...outboxProcedures(services), ...throughputProcedures(services) },
    inbox: inboxProcedures(services),
    history: historyProcedures(services),
    incidents: incidentProcedures(services),
    backups: backupProcedures(services),
    settings: settingProcedures(services),
    shell: shellProcedures(services),
    credentials: credentialProcedures(services),
    tunnel: tunnelProcedures(services),
    files: fileProcedures(services),
    sessions: sessionProcedures(services),
    fleet: fleetProcedures(services),
    tables: tableProcedures(services),
    apps: appProcedures(services),
    memory: keptValueProcedures(services),
  })
}

export type AppRouter = ReturnType<typeof createRouter>

/** How another host's questions about runs are answered: as this host's own screens would be. */
export function answerRunsOf({ runs }: Pick<AppRouter, 'runs'>): (of: 'list' | 'get', input: Json) => Promise<Json> {
  const client = createRouterClient({ list: runs.list, get: runs.get })
  return async (of, input) => {
    // The contract refuses what is no input of it.
    const answer = of === 'list' ? await client.list(input as never) : await client.get(input as never)
    const json: Json = JSON.parse(JSON.stringify(answer))
    return json
  }
}
