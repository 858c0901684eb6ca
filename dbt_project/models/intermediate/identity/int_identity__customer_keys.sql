{#- Connected components by label propagation. Every record starts with a label of its own, in an order that has
    nothing to do with how records are linked; each round takes the smallest label within an identifier, within a record
    and within the records that carried the same label until then. Twelve rounds settle chains of more than a hundred links; a test fails
    where they have not. -#}
with claims as (
    select * from {{ ref('int_identity__claims') }}
),

labels as (
    select
        customer_id,
        min(recorded_at) as recorded_at,
        row_number() over (order by md5(customer_id), customer_id) as label
    from claims
    group by customer_id
),

round_0 as {{ materialized() }} (
    select
        claims.customer_id,
        claims.identifier_type,
        claims.identifier,
        labels.label
    from claims
    inner join labels on claims.customer_id = labels.customer_id
    where claims.sharing_count > 1 and not claims.is_capped and not claims.is_undone
),

{% for round in range(1, var('identity_rounds') + 1) -%}
round_{{ round }}_identifiers as {{ materialized() }} (
    select
        *,
        min(label) over (partition by identifier_type, identifier) as identifier_label
    from round_{{ round - 1 }}
),

round_{{ round }}_records as {{ materialized() }} (
    select
        *,
        min(identifier_label) over (partition by customer_id) as record_label
    from round_{{ round }}_identifiers
),

round_{{ round }} as {{ materialized() }} (
    select
        customer_id,
        identifier_type,
        identifier,
        min(record_label) over (partition by label) as label
    from round_{{ round }}_records
),

{% endfor -%}
linked as (
    select
        customer_id,
        min(label) as label
    from round_{{ var('identity_rounds') }}
    group by customer_id
),

components as (
    select
        labels.customer_id,
        labels.recorded_at,
        coalesce(linked.label, labels.label) as component
    from labels
    left join linked on labels.customer_id = linked.customer_id
),

oldest as (
    select
        customer_id,
        component,
        first_value(customer_id) over (
            partition by component
            order by recorded_at asc nulls last, customer_id asc
        ) as oldest_customer_id
    from components
),

final as (
    select
        customer_id,
        {{ hash_key('oldest_customer_id') }} as customer_key
    from oldest
)

select * from final
