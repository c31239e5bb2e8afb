import { configChanges, fixedAtStart } from '../../sim/config/config-changes.ts'
import type { ServeConfig } from '../../sim/config/serve-config.ts'
import { control } from '../../sim/control/control.ts'
import { type Mock, mock } from '../../sim/mock/mock.ts'
import { defaultHost, defaultPort, defaultProfile, defaultSeed, defaultSpeed } from '../../sim/setup/defaults.ts'
import { completeSetup } from '../../sim/setup/mock-setup.ts'
import { type MockServer, serve } from '../../sim/skins/http/server.ts'
import { type WallTimeline, wallTimeline } from '../../sim/time/wall-timeline.ts'
import type { RequestRecord } from '../../sim/wire/request-record.ts'
import type { Millis } from '../../src/core/clock.ts'
import { listening } from '../process/listening.ts'

/** A mock that serves requests over HTTP. */
export interface ServeSession {
  readonly server: MockServer
  readonly mock: Mock
  readonly timeline: WallTimeline
  /** Puts another config in force. Requests under way end as they would have. */
  change(next: ServeConfig): Changed
  /** Takes no new requests, and resolves when those under way have ended. After `grace` milliseconds of real time they are cut off. */
  close(grace: Millis): Promise<void>
}

/** The result of a change of the config, as names of fields. */
export interface Changed {
  /** The fields whose new values are in force. */
  readonly applied: readonly string[]
  /** The fields whose new values need a restart. */
  readonly kept: readonly string[]
}

export async function startServing(first: ServeConfig, ended: (record: RequestRecord) => void): Promise<ServeSession> {
  const {
    profile = defaultProfile,
    seed = defaultSeed,
    speed = defaultSpeed,
    port = defaultPort,
    host = defaultHost,
  } = first
  const { controlToken, maxBodyBytes } = first
  const timeline = wallTimeline({ speed })
  const provider = mock({ timeline, profile, seed, ...completeSetup(first), ended })
  const server = await listening(port, host, () =>
    serve(provider, {
      port,
      host,
      control: control(provider, controlToken === undefined ? {} : { token: controlToken }),
      ...(maxBodyBytes !== undefined && { maxBodyBytes }),
    }),
  )
  let config = first

  function change(next: ServeConfig): Changed {
    const changes = configChanges(config, next)
    const isFixed = (change: string) => (fixedAtStart as readonly string[]).includes(change)
    const touched = new Set(changes.map((change) => change.split('.')[0]))
    // Only the changed fields are applied, so that limits set through the control plane stay, and fault plans go on counting.
    const setup = Object.entries(completeSetup(next)).filter(([name]) => touched.has(name))
    if (setup.length > 0) provider.reconfigure(Object.fromEntries(setup))
    if (touched.has('speed')) timeline.setSpeed(next.speed ?? defaultSpeed)
    // A field that needs a restart is told again at each change, until the file has the value that is in force.
    const inForce = fixedAtStart.map((name) => [name, first[name]] as const).filter(([, value]) => value !== undefined)
    const open = Object.entries(next).filter(([name]) => !isFixed(name))
    config = Object.fromEntries([...open, ...inForce])
    return { applied: changes.filter((change) => !isFixed(change)), kept: changes.filter(isFixed) }
  }

  return {
    server,
    mock: provider,
    timeline,
    change,
    async close(grace) {
      // While simulated time is paused no request ends by itself.
      await server.close(timeline.speed() === 0 ? 0 : grace)
      timeline.stop()
    },
  }
}
