import { expect, test } from "vitest";
import { STORIES } from "../../db/seed/stories";
import { placeOf, placesOf } from "../../lib/check/places-of";
import { printDefinition, tidy } from "../../lib/check/print-definition";
import { definitionSchema } from "../../lib/definitions/schema";

const bodies = Object.values(STORIES).flat();

test("what is left unsaid is understood: a tidied definition is read as the same", () => {
  for (const body of bodies) {
    const normal = definitionSchema.parse(body);
    expect(definitionSchema.parse(JSON.parse(printDefinition(tidy(normal))))).toEqual(normal);
  }
});

test("printing says exactly what it is given, and prints the same again", () => {
  for (const body of bodies) {
    const text = printDefinition(body);
    expect(JSON.parse(text)).toEqual(body);
    expect(printDefinition(JSON.parse(text))).toBe(text);
  }
});

test("a definition begins with what it is and ends with where it leads", () => {
  expect(printDefinition({ next: null, steps: [], label: "L", name: "N", type: "stage" })).toBe(
    '{\n  "type": "stage",\n  "name": "N",\n  "label": "L",\n  "steps": [],\n  "next": null\n}',
  );
});

test("every path of a text has its line", () => {
  const text = '{\n  "a": [\n    { "b": 1 },\n    { "b": {\n      "c": "x" } }\n  ],\n  "d": null\n}';
  const { places, brokenAt } = placesOf(text);
  expect(brokenAt).toBeNull();
  expect(Object.fromEntries([...places].map(([path, { line }]) => [path, line]))).toEqual({
    "": 1,
    a: 2,
    "a[0]": 3,
    "a[0].b": 3,
    "a[1]": 4,
    "a[1].b": 4,
    "a[1].b.c": 5,
    d: 7,
  });
  expect(text.slice(places.get("d")?.offset, (places.get("d")?.offset ?? 0) + 4)).toBe("null");
});

test("a problem at something that is missing stands at what it is missing from", () => {
  const { places } = placesOf('{\n"a": [\n{}\n]}');
  expect(placeOf("a[0].steps[3].flow", places)?.line).toBe(3);
  expect(placeOf("nothing", places)?.line).toBe(1);
});

test("a text that stops being JSON says where", () => {
  expect(placesOf('{\n "a": 1,\n "b": oops }').brokenAt?.line).toBe(3);
  expect(placesOf('{\n "a": 1').brokenAt?.line).toBe(2);
});
