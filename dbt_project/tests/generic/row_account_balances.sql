{#- Fails with every landed table whose rows are not all accounted for. -#}
{% test row_account_balances(model) %}
    select *
    from {{ model }}
    where landed != used + quarantined + superseded
{% endtest %}
