import { GOODBYE_MS, httpOver } from '../connectors/kit/signed-in.ts'
import type {
  CallService,
  FullServiceContext,
  ServiceCaller,
  ServiceCallOptions,
  ServiceContext,
} from '../connectors/service-context.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { withDeadline } from '../domain/time/deadline.ts'
import { maskText } from '../domain/trust/secret-mask.ts'
import type { ZapFile } from '../domain/zap/zap-file.ts'
import { NO_RECORDER } from '../files/file-recorder.ts'
import { createStepPermits, signInBy } from './step-permits.ts'
import type { StepServices } from './step-services.ts'

/** Calls services where there is no run, with everything that holds for a step: see {@link ServiceContext}. */
export type ServiceCalls = {
  readonly call: CallService
  /** The same for a credential itself, which no zap has to name for it. */
  callWith<Result>(
    credential: string,
    work: (context: FullServiceContext) => Promise<Result>,
    options?: ServiceCallOptions,
  ): Promise<Result>
  /** Ends what is under way, and begins nothing more. */
  close(): void
}

const TIMEOUT_MS = 30_000

export function createServiceCalls(
  services: Pick<
    StepServices,
    | 'catalogue'
    | 'clock'
    | 'fetch'
    | 'connect'
    | 'credential'
    | 'renewedCredential'
    | 'permissionsOf'
    | 'secretsOf'
    | 'large'
    | 'filesFor'
    | 'noteCredential'
    | 'heavy'
  >,
): ServiceCalls {
  const { clock, large } = services
  const closing = new AbortController()

  async function call<Result>(
    { zapId, file, step }: ServiceCaller,
    work: (context: FullServiceContext) => Promise<Result>,
    options: ServiceCallOptions = {},
  ): Promise<Result> {
    const { timeoutMs = TIMEOUT_MS, idempotencyKey = '' } = options
    const zap = { file }
    const secrets = await services.secretsOf(zap)
    const permits = createStepPermits(services.catalogue, { zapId, zap, step }, services.permissionsOf(zapId))
    const guard = permits.fetchGuard(secrets)
    const signal = options.signal === undefined ? closing.signal : AbortSignal.any([closing.signal, options.signal])
    try {
      return await withDeadline({ clock, signal, timeoutMs, late: () => late(timeoutMs) }, (signal) => {
        // A renewed credential has another secret to hide.
        const fetch = async (request: Parameters<typeof services.fetch>[0]) =>
          services.fetch(request, { ...guard, secrets: await services.secretsOf(zap) })
        const http = httpOver({ fetch, signal, ...signInBy(services, permits) })
        const credential: ServiceContext['credential'] = ({ $credential: name }) =>
          permits.credential(name, services.credential)
        const connect: ServiceContext['connect'] = async (to, use) =>
          services.connect(to, use === 'goodbye' ? AbortSignal.timeout(GOODBYE_MS) : signal, guard)
        const noteCredential: FullServiceContext['noteCredential'] = async ({ $credential: name }, fields) =>
          services.noteCredential(name, await permits.credential(name, services.credential), fields)
        const files = permits.files(services.filesFor(NO_RECORDER))
        const heavy: FullServiceContext['heavy'] = (name, content, options) =>
          services.heavy.run(name, content, options, signal)
        return work({ http, connect, credential, noteCredential, files, heavy, large, clock, signal, idempotencyKey })
      })
    } catch (error) {
      const details = StepError.from(error)
      throw new StepError({ ...details, message: maskText(secrets.text, details.message) }, { cause: error })
    }
  }

  return {
    call,
    callWith(name, work, options) {
      // A step that names the credential, so that all rules for credentials hold here as well.
      const step = { id: 'test', uses: '', name: 'Test of the credential', input: { account: { $credential: name } } }
      const file: ZapFile = { format: 'hookline/zap@1', name, steps: [step], edges: [] }
      return call({ zapId: '', file, step }, work, options)
    },
    close: () => closing.abort(new StepError({ code: 'stopped', message: 'Hookline was stopped.', retryable: true })),
  }
}

function late(timeoutMs: number): StepError {
  const message = `The service did not answer within ${timeoutMs / 1000} s. Try again; if it stays so, look at its address.`
  return new StepError({ code: 'timeout', message, retryable: true })
}
