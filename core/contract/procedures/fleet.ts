import { z } from 'zod'
import { fleetRunSchema, fleetSchema } from '../fleet-values.ts'
import { runDetailSchema } from '../run-values.ts'
import { done, procedure } from './procedure.ts'

/** What may be asked where hosts are joined. Each but `get` fails with CONFLICT on a host that stands alone. */
export const fleetContract = {
  fleet: {
    /** Null on a host that was started without a fleet. */
    get: procedure.output(fleetSchema.nullable()),
    /**
     * The newest runs of all hosts, the newest first. Those of hosts that answer are as they are now; of the others the last that they told. `missing`
     * are hosts that did not answer.
     */
    runs: procedure
      .input(z.object({ limit: z.int().min(1).max(200).default(50), before: z.string().optional() }))
      .output(z.object({ runs: z.array(fleetRunSchema), missing: z.array(z.string()) })),
    /** A run with its steps, asked of its host. CONFLICT when that does not answer. */
    run: procedure.input(z.object({ host: z.string().max(63), id: z.string().max(40) })).output(runDetailSchema),
    /** Lets a host end what it has and take no more, or take events again. CONFLICT when it does not answer. */
    drain: procedure.input(z.object({ host: z.string().max(63), on: z.boolean().default(true) })).output(done),
    /** Takes a host that is gone out of the fleet. What it had not sent on stays on its disk. CONFLICT while it is alive. */
    remove: procedure.input(z.object({ host: z.string().max(63) })).output(done),
    /** Begins or ends to share a credential with the other hosts, sealed with the fleet's passphrase. */
    share: procedure.input(z.object({ credential: z.string().max(200), shared: z.boolean() })).output(done),
  },
}
