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
  /** Applies another config, which must have passed its check. Requests in flight end as they would have under the former config. */
  applyConfig(next: ServeConfig): ConfigUpdate
  /** Accepts no new requests, and resolves when those in flight have ended. Cuts them off after `grace` milliseconds of real time. */
  close(grace: Millis): Promise<void>
}

/** The result of applying a config, as names of fields. */
export interface ConfigUpdate {
  /** The fields whose new values are in force. */
  readonly applied: readonly string[]
  /** The fields whose new values take effect only after a restart. */
  readonly needRestart: readonly string[]
}

/** Starts a mock with this config and serves it over HTTP. `ended` is called at the end of each request. */
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

  function applyConfig(next: ServeConfig): ConfigUpdate {
    const changes = configChanges(config, next)
    const isFixed = (change: string) => (fixedAtStart as readonly string[]).includes(change)
    const changedFields = new Set(changes.map((change) => change.split('.')[0]))
    // Only the changed fields are applied, so that limits set through the control plane stay, and fault plans continue to count.
    const setup = Object.entries(completeSetup(next)).filter(([name]) => changedFields.has(name))
    if (setup.length > 0) provider.reconfigure(Object.fromEntries(setup))
    if (changedFields.has('speed')) timeline.setSpeed(next.speed ?? defaultSpeed)
    // A fixed field keeps its first value here. A different value in the file is therefore reported at each change of the file.
    const fixed = fixedAtStart.map((name) => [name, first[name]] as const).filter(([, value]) => value !== undefined)
    const changeable = Object.entries(next).filter(([name]) => !isFixed(name))
    config = Object.fromEntries([...changeable, ...fixed])
    return { applied: changes.filter((change) => !isFixed(change)), needRestart: changes.filter(isFixed) }
  }

  return {
    server,
    mock: provider,
    timeline,
    applyConfig,
    async close(grace) {
      // While simulated time is paused no request ends by itself.
      await server.close(timeline.speed() === 0 ? 0 : grace)
      timeline.stop()
    },
  }
}
