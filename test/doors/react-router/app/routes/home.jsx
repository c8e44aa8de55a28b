export default function Home() {
  return <h1>The shop in React Router</h1>;
}
