{#- All identifiers that a claimant has, or had in the previous run. The claims of every record with one of them are
    recomputed. -#}
{%- set previous_claims = source('previous_run', 'int_identity__claims') -%}
with claimants as (
    select * from {{ ref('int_changes__claimants') }}
),

final as (
    select distinct
        periods.identifier_type,
        periods.identifier
    from {{ ref('int_identity__validity_periods') }} as periods
    inner join claimants on periods.customer_id = claimants.customer_id
    {%- if is_incremental_run() %}
    union
    select
        claims.identifier_type,
        claims.identifier
    from {{ previous_claims }} as claims
    inner join claimants on claims.customer_id = claimants.customer_id
    {%- endif %}
)

select * from final
