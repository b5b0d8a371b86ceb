import { appsContract } from './procedures/apps.ts'
import { fleetContract } from './procedures/fleet.ts'
import { houseContract } from './procedures/house.ts'
import { intakeContract } from './procedures/intake.ts'
import { runsContract } from './procedures/runs.ts'
import { tablesContract } from './procedures/tables.ts'
import { zapsContract } from './procedures/zaps.ts'

/** Everything that the screens and the command line may ask of a host, by what it is about. */
export const contract = {
  ...houseContract,
  ...zapsContract,
  ...runsContract,
  ...intakeContract,
  ...tablesContract,
  ...appsContract,
  ...fleetContract,
}
