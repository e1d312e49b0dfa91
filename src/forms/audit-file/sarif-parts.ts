// The parts of SARIF 2.1.0 that are read. What is optional there is optional here; what is not
// named here is not an error, and is listed as not shown where it holds anything.

import * as v from 'valibot';

const text = v.exactOptional(v.string());
const index = v.exactOptional(v.pipe(v.number(), v.integer()));

/** A message: text, or the id of one with arguments for its placeholders. */
const messageSchema = v.object({
  text,
  markdown: text,
  id: text,
  arguments: v.exactOptional(v.array(v.string())),
});

const multiformat = v.object({ text });

const artifact = v.object({ uri: text, uriBaseId: text, index });

/** A place, in a file or in a program. */
export const locationSchema = v.object({
  physicalLocation: v.exactOptional(
    v.object({
      artifactLocation: v.exactOptional(artifact),
      region: v.exactOptional(v.object({ startLine: index, startColumn: index })),
    }),
  ),
  logicalLocations: v.exactOptional(v.array(v.object({ name: text, fullyQualifiedName: text }))),
  message: v.exactOptional(messageSchema),
});

const level = v.exactOptional(v.picklist(['error', 'warning', 'note', 'none']));

/** What a type of results means. */
export const ruleSchema = v.object({
  id: v.string(),
  name: text,
  shortDescription: v.exactOptional(multiformat),
  fullDescription: v.exactOptional(multiformat),
  help: v.exactOptional(multiformat),
  helpUri: text,
  messageStrings: v.exactOptional(v.record(v.string(), multiformat)),
  defaultConfiguration: v.exactOptional(v.object({ level })),
});

/** One result. */
export const resultSchema = v.object({
  ruleId: text,
  ruleIndex: index,
  rule: v.exactOptional(
    v.object({ id: text, index, toolComponent: v.exactOptional(v.object({ index })) }),
  ),
  kind: text,
  level,
  message: messageSchema,
  locations: v.exactOptional(v.array(locationSchema)),
  relatedLocations: v.exactOptional(v.array(locationSchema)),
  codeFlows: v.exactOptional(
    v.array(
      v.object({
        message: v.exactOptional(messageSchema),
        threadFlows: v.array(
          v.object({
            locations: v.array(
              v.object({
                location: v.exactOptional(locationSchema),
                executionOrder: index,
                state: v.exactOptional(v.unknown()),
              }),
            ),
          }),
        ),
      }),
    ),
  ),
  suppressions: v.exactOptional(
    v.array(v.object({ kind: text, status: text, justification: text })),
  ),
  baselineState: text,
  properties: v.exactOptional(v.record(v.string(), v.unknown())),
});

/** What a tool says about itself: here, what it did not do. */
export const notificationSchema = v.object({
  message: messageSchema,
  locations: v.exactOptional(v.array(v.unknown())),
});

const component = v.object({
  name: v.string(),
  version: text,
  semanticVersion: text,
  rules: v.exactOptional(v.unknown()),
});

/** One run, its lists not read yet. */
export const runSchema = v.object({
  tool: v.object({ driver: component, extensions: v.exactOptional(v.array(component)) }),
  results: v.exactOptional(v.unknown()),
  artifacts: v.exactOptional(v.array(v.object({ location: v.exactOptional(artifact) }))),
  originalUriBaseIds: v.exactOptional(v.record(v.string(), v.object({ uri: text }))),
  invocations: v.exactOptional(
    v.array(
      v.object({
        executionSuccessful: v.exactOptional(v.boolean()),
        toolExecutionNotifications: v.exactOptional(v.unknown()),
        toolConfigurationNotifications: v.exactOptional(v.unknown()),
      }),
    ),
  ),
  properties: v.exactOptional(v.record(v.string(), v.unknown())),
});

/** A rule. */
export type SarifRule = v.InferOutput<typeof ruleSchema>;
/** A result. */
export type SarifResult = v.InferOutput<typeof resultSchema>;
/** A run. */
export type SarifRun = v.InferOutput<typeof runSchema>;
/** A message. */
export type SarifMessage = v.InferOutput<typeof messageSchema>;
/** A location. */
export type SarifLocation = v.InferOutput<typeof locationSchema>;
