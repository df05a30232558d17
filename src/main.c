/* main.c - argv[1] names a command of the table */
int main(void)
{
    return 64;
}
