import {
  Body,
  Button,
  Column,
  Container,
  Head,
  Heading,
  Html,
  Link,
  Preview,
  Row,
  Section,
  Text,
} from "@react-email/components";
import { Fragment } from "react";
import { addressOf, type Letter } from "./letter";
import { DARK_SHEET, look } from "./look";

/** The HTML part of a letter. Texts are escaped by React; `dir="auto"` keeps a name written right to left from turning its neighbours. */
export function LetterMail({ letter, origin }: { readonly letter: Letter; readonly origin: string }) {
  return (
    <Html lang="en">
      <Head>
        <title>{letter.subject}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style>{DARK_SHEET}</style>
      </Head>
      <Preview>{letter.preview}</Preview>
      <Body style={look.body} className="b-body">
        <Container style={look.frame}>
          <Section style={look.brand}>
            <span style={look.mark} />
            <span style={look.name} className="b-ink">
              Baton
            </span>
          </Section>
          <Section style={look.card} className="b-card">
            <Heading as="h1" dir="auto" style={look.heading} className="b-ink">
              {letter.heading}
            </Heading>
            {letter.greeting && <Paragraph text={letter.greeting} />}
            {numbered(letter.paragraphs).map(({ number, text }) => (
              <Paragraph key={number} text={text} />
            ))}
            <Facts letter={letter} />
            <Links letter={letter} origin={origin} />
            {numbered(letter.after ?? []).map(({ number, text }) => (
              <Paragraph key={number} text={text} />
            ))}
            <Buttons letter={letter} origin={origin} />
          </Section>
          <Section style={look.foot}>
            <Text dir="auto" style={look.note} className="b-muted">
              {letter.note}
            </Text>
            <Text style={look.note} className="b-muted">
              Baton ·{" "}
              <Link href={addressOf("/", origin)} style={look.link} className="b-muted">
                {new URL(origin).host}
              </Link>
            </Text>
          </Section>
        </Container>
      </Body>
    </Html>
  );
}

/** A letter never changes, so the place of a text names it. */
const numbered = (texts: readonly string[]) => texts.map((text, number) => ({ number, text }));

function Paragraph({ text }: { readonly text: string }) {
  return (
    <Text dir="auto" style={look.text} className="b-ink">
      {numbered(text.split("\n")).map(({ number, text: line }) => (
        <Fragment key={number}>
          {number > 0 && <br />}
          {line}
        </Fragment>
      ))}
    </Text>
  );
}

function Facts({ letter }: { readonly letter: Letter }) {
  if (letter.facts.length === 0) return null;
  return (
    <Section style={look.facts} className="b-rule">
      {letter.facts.map(({ label, value }) => (
        <Row key={label}>
          <Column style={look.factLabel} className="b-muted b-rule">
            {label}
          </Column>
          <Column dir="auto" style={look.factValue} className="b-ink b-rule">
            {value}
          </Column>
        </Row>
      ))}
    </Section>
  );
}

function Links({ letter: { links = [] }, origin }: { readonly letter: Letter; readonly origin: string }) {
  return links
    .map((link, number) => ({ ...link, number }))
    .map(({ label, path, number }) => (
      <Text key={number} dir="auto" style={look.text}>
        <Link href={addressOf(path, origin)} style={look.link} className="b-ink">
          {label}
        </Link>
      </Text>
    ));
}

function Buttons({ letter, origin }: { readonly letter: Letter; readonly origin: string }) {
  if (letter.buttons.length === 0) return null;
  return (
    <Section style={look.buttons}>
      {letter.buttons.map(({ label, path, tone }) => (
        <Button key={label} href={addressOf(path, origin)} style={look[tone]} className={`b-${tone}`}>
          {label}
        </Button>
      ))}
    </Section>
  );
}
