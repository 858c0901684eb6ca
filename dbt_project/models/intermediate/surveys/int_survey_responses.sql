{{ config(materialized='incremental', pre_hook=[
    "{{ delete_changed_records(\"'response'\", 'response_id') }}", "{{ delete_changed('int_changes__people', 'customer_key') }}",
]) }}
with responses as (
    select * from {{ ref('fct_survey_responses') }}
),

versions as (
    select * from {{ ref('dim_customers') }}
),

final as (
    select
        responses.*,
        versions.segment,
        versions.region
    from responses
    left join versions
        on responses.customer_key = versions.customer_key
        and {{ is_valid_at('responses.responded_at') }}
    where true {{ and_not_yet_built('responses.response_id') }}
)

select * from final
